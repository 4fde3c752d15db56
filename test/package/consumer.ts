/** A program of somebody else's that uses this package; installed.test.ts compiles and runs it. */
import {
  biotzProfile,
  createCollection,
  createEnvironment,
  isBiotzPostmanError,
  readDevices,
  runDevices,
} from 'biotz-postman';
import type { Profile } from 'biotz-postman';

const [file = '', tokenUrl = '', ingestionUrl = ''] = process.argv.slice(2);
const profile: Profile = { ...biotzProfile, tokenUrl, ingestionUrl };

const { devices, counts } = await readDevices(file);
const collection = await createCollection(profile);
const [device] = devices;
const environment = createEnvironment(profile, device === undefined ? {} : { device });

const verdicts: string[] = [];
for await (const result of runDevices(devices, { profile })) {
  verdicts.push(result.status === 'passed' ? result.status : result.reason);
}

const missing = await readDevices('missing.csv').catch((error: unknown) =>
  isBiotzPostmanError(error, 'CREDENTIALS_INVALID') ? error.args.diagnostics[0]?.code : error,
);

const requests = collection.item.map(({ name }) => name);
const { name } = environment;
process.stdout.write(JSON.stringify({ counts, requests, name, verdicts, missing }));
