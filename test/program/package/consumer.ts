/** A program of another project that uses this package; installed.test.ts compiles and runs it. */
import {
  biotzProfile,
  createCollection,
  createEnvironment,
  isBiotzPostmanError,
  readDevices,
  runDevices,
  runFleet,
} from 'biotz-postman';
import type { AgeKeys, FleetOutcome, Profile } from 'biotz-postman';

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

const outcome: FleetOutcome = await runFleet(file, {
  profile,
  folder: `${file}.report`,
  reporters: ['json'],
  signal: AbortSignal.timeout(600_000),
  onResult: ({ status }) => verdicts.push(status),
});
verdicts.push(outcome.end);

const missing = await readDevices('missing.csv').catch((error: unknown) =>
  isBiotzPostmanError(error, 'CREDENTIALS_INVALID') ? error.args.diagnostics[0]?.code : error,
);

// What only the types say: that this file is not encrypted, no key is looked at.
const keys: AgeKeys = { identities: [], passphrase: async () => undefined };
const { counts: sameCounts } = await readDevices(file, keys);
if (sameCounts.created !== counts.created) throw new Error('a plain file needs no key');

const requests = collection.item.map(({ name }) => name);
const { name } = environment;
process.stdout.write(JSON.stringify({ counts, requests, name, verdicts, missing }));
