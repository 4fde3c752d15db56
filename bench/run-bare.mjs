// Sends the devices of a credentials file through `runDevices` alone: no journal, no redaction of results, no reports,
// no progress. `npm run bench:run` compares `biotz-postman run` with it.
import { biotzProfile, openCredentials, runDevices, streamDevices, validateDevices } from '../dist/index.js';

const [file = '', tokenUrl = ''] = process.argv.slice(2);
const credentials = await openCredentials(file);
await validateDevices(credentials);
let passed = 0;
for await (const result of runDevices(streamDevices(credentials), {
  profile: { ...biotzProfile, tokenUrl },
})) {
  if (result.status === 'passed') passed++;
}
await credentials.close();
console.log(`${passed} passed`);
