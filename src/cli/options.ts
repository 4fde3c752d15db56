import type { InferredOptionTypes, Options } from 'yargs';
import { USERS_CLIENT_ID } from '../platform/profile.js';

// One table of every option, so that a flag means the same in each command. Names follow Newman's where the
// meaning is the same. `requiresArg` keeps `--out --force` from taking a flag for a folder.
const text = (describe: string, group?: string) =>
  ({ type: 'string', requiresArg: true, describe, ...(group !== undefined && { group }) }) as const;
const number = (describe: string, group?: string) =>
  ({ type: 'number', requiresArg: true, describe, ...(group !== undefined && { group }) }) as const;
const flag = (describe: string, group?: string) =>
  ({ type: 'boolean', describe, ...(group !== undefined && { group }) }) as const;

const platform = 'Platform:';

/** Where to log in and how; they override the Biotz platform's own values. */
const profileOptions = {
  'token-url': text('The token endpoint', platform),
  'client-id': text('The OAuth 2.0 client', platform),
  scope: text('Scopes, separated by spaces; without "openid" there is no id_token', platform),
  'ingestion-url': text('Origin of the data ingestion API', platform),
  body: {
    choices: ['formdata', 'urlencoded'],
    requiresArg: true,
    describe: 'How the token request sends its parameters (variable body_mode)',
    group: platform,
  },
  'client-auth': {
    choices: ['body', 'basic'],
    requiresArg: true,
    describe: 'How the token request names its client (variable client_auth)',
    group: platform,
  },
} as const;

/** Who is no device has another client. Only commands that can do without a device take `--user`. */
const usersClient = `client ${USERS_CLIENT_ID}, unless --client-id names another`;

const messageOptions = {
  'message-type': text('Internal name of the message type to publish, such as temperature'),
  payload: text('The message: JSON, or @FILE'),
} as const;

/** What opens DEVICES where they are encrypted. */
const identity = {
  ...text(
    'Decrypt DEVICES with the age identities in this file (repeatable); BIOTZ_AGE_IDENTITY may hold one itself',
  ),
  array: true,
} as const;

const templates = text(
  'Folder of templates to use in place of the built-in ones (they are code; docs/templates.md)',
);
const insecure = flag(
  'Accept http:// beyond this machine and any certificate: others may read the passwords',
);

const generateOptions = {
  out: { ...text('Folder to write to'), default: 'generated' },
  device: {
    ...text('Write the private environment of this device (name or device id; repeatable)'),
    array: true,
  },
  all: flag('Write the private environments of all devices'),
  force: flag('Replace files even if somebody changed them'),
  identity,
  secrets: {
    choices: ['blank', 'vault'],
    requiresArg: true,
    default: 'blank',
    describe: "What the shared environment has for credentials: nothing, or references to Postman's vault",
  },
  'message-type': messageOptions['message-type'],
  openapi: text('Put the requests of this API beside them: an OpenAPI document (JSON or YAML)'),
  'api-url': text("Where the requests of --openapi go; the document's first server by default"),
  templates,
  ...profileOptions,
  user: flag(
    `Also write an environment for a user of the Developer API, who needs no DEVICES: ${usersClient}`,
    platform,
  ),
} as const;

/** What is made of a run's results. */
const reportOptions = {
  reporters: {
    ...text(
      'Reports to make: cli (standard output), json, junit, markdown, ndjson (comma-separated or repeated)',
    ),
    array: true,
    default: ['cli'],
  },
  'report-dir': { ...text('Folder for the journal and the reports that are files'), default: 'biotz-report' },
} as const;

/** How a fleet is sent, and what is made of its results. */
const fleetOptions = {
  concurrency: {
    ...text('Devices at a time: a number, or auto, which follows the server', 'Fleet:'),
    default: 'auto',
  },
  rate: text('Most attempts to begin: 50/s, 600/m, 1000/h', 'Fleet:'),
  retries: {
    ...number('Further attempts after a failure that may pass (no answer, 408, 429, 502-504)', 'Fleet:'),
    default: 2,
  },
  'max-failures': text(
    'End the run at so many failed devices (20, or 5%); without it, when the first 20 are all refused alike',
    'Fleet:',
  ),
  bail: flag('End the run at the first failed device', 'Fleet:'),
  resume: text('Go on from the journal in --report-dir; "--resume failed" tries only what failed', 'Fleet:'),
  shard: text("Send only this part of the fleet: 2/5, or auto for the CI job's own", 'Fleet:'),
  shards: number('How many parts there are, where --shard auto cannot tell', 'Fleet:'),
  quiet: flag('Show no progress', 'Fleet:'),
  ...reportOptions,
} as const;

const runOptions = {
  folder: { ...text('Request or folder of the collection to run (name or id; repeatable)'), array: true },
  ...messageOptions,
  'timeout-request': {
    ...number('Deadline for each request with its answer, in milliseconds'),
    default: 30_000,
  },
  'timeout-script': { ...number('Deadline for each script, in milliseconds'), default: 10_000 },
  collection: text(
    'Run this Postman collection instead. A collection is code: its scripts see every password',
  ),
  environment: text('Use this Postman environment; options given here override its values'),
  'env-var': { ...text('Set an environment variable, KEY=VALUE (repeatable)'), array: true },
  templates,
  identity,
  insecure,
  ...profileOptions,
  body: {
    ...profileOptions.body,
    choices: ['formdata', 'urlencoded', 'auto'],
    describe: 'How the token request sends its parameters (variable body_mode); auto asks the server',
  },
  'newman-reporter': {
    ...text("Also use this reporter of Newman's own, on small runs; it writes secrets (repeatable)"),
    array: true,
  },
  ...fleetOptions,
} as const;

/** How connections are made without Newman. */
const connectionOptions = {
  'timeout-request': {
    ...number('Deadline for each request with its answer, in milliseconds'),
    default: 30_000,
  },
  ca: text('Trust the certificate authorities of this PEM file as well', 'Connection:'),
  cert: text('Show this client certificate (PEM file)', 'Connection:'),
  key: text(
    'The private key of --cert (PEM file); its passphrase comes from BIOTZ_KEY_PASSPHRASE',
    'Connection:',
  ),
  http2: flag('Offer HTTP/2 to the server', 'Connection:'),
  insecure,
} as const;

const tokenOptions = {
  device: text('The device to log in (name or device id); without it, the only one of the file'),
  all: flag('Log every device in'),
  username: text(
    'Log this user in instead; the password comes from BIOTZ_PASSWORD, standard input or a prompt',
  ),
  token: {
    choices: ['id', 'access', 'refresh'],
    requiresArg: true,
    default: 'id',
    describe: 'Which token to print',
  },
  format: {
    choices: ['raw', 'header', 'json', 'dotenv', 'postman-environment'],
    requiresArg: true,
    default: 'raw',
    describe: 'How to print it; json and postman-environment hold all there is',
  },
  out: text('With --all: keep the tokens in this file (0600), as JSON (.json) or NDJSON'),
  identity,
  'end-sessions': flag('Log each session out again'),
  verify: { ...flag('Hold id_tokens against the keys of the realm; --no-verify does not'), default: true },
  ...connectionOptions,
  ...fleetOptions,
  ...profileOptions,
  user: flag(`With --username, a user of the Developer API: ${usersClient}`, platform),
  body: {
    ...profileOptions.body,
    choices: ['formdata', 'urlencoded', 'auto'],
    default: 'urlencoded',
    describe: 'How the token request sends its parameters; auto asks the server',
  },
} as const;

const snippetOptions = {
  for: {
    choices: ['httpie', 'curl', 'powershell', 'node', 'python'],
    requiresArg: true,
    default: 'httpie',
    describe: 'The program or language to write it for',
  },
  device: text('The device to log in (name or device id); without it, the only one of the file'),
  identity,
  insecure: flag('Accept http:// beyond this machine: others may read the password'),
  'token-url': profileOptions['token-url'],
  'client-id': profileOptions['client-id'],
  scope: profileOptions.scope,
  body: { ...profileOptions.body, default: 'urlencoded' },
  'client-auth': profileOptions['client-auth'],
} as const;

const format = {
  choices: ['text', 'json'],
  requiresArg: true,
  default: 'text',
  describe: 'For people or for machines',
} as const;

const checkOptions = { format, identity } as const;

const doctorOptions = {
  device: text('The device to log in (name or device id); without it, the first of the file'),
  identity,
  ...messageOptions,
  format,
  ...connectionOptions,
  ...profileOptions,
  user: flag(`What a user of the Developer API meets, rather than a device: ${usersClient}`, platform),
  body: {
    ...profileOptions.body,
    choices: ['formdata', 'urlencoded', 'auto'],
    default: 'auto',
    describe: 'How the token request sends its parameters; auto asks the server',
  },
} as const;

const behaviour = {
  choices: ['gateway', 'keycloak-26', 'keycloak-21'],
  requiresArg: true,
  default: 'gateway',
  describe: 'What it does with form-data: reads it, as Keycloak 26 does, or as Keycloak 21 does',
} as const;

const demoOptions = {
  devices: { ...number('How many devices'), default: 25 },
  fail: { ...number('How many of them have a wrong password'), default: 0 },
  keep: text('Leave everything in this folder'),
  behaviour,
  body: profileOptions.body,
  'client-auth': profileOptions['client-auth'],
} as const;

const serveOptions = {
  port: { ...number('Port to listen on; 0 for a free one'), default: 8080 },
  host: { ...text('Address to listen on; anything but loopback lets others in'), default: '127.0.0.1' },
  devices: { ...text('A credentials file, or a number of sample devices'), default: '25' },
  identity,
  out: text('Write the sample devices as a credentials file to here'),
  behaviour,
} as const;

const pushOptions = {
  workspace: text("The Postman workspace's id, as in its address"),
  only: {
    choices: ['collection', 'environment'],
    requiresArg: true,
    describe: 'Push one of the two files and leave the other alone',
  },
  'dry-run': flag('Show what would change in Postman; write nothing'),
  yes: flag('Do not ask before writing, as in CI'),
  force: flag('Also replace descriptions, bodies and values that somebody edited in Postman'),
  'collection-uid': text('Update this collection, even if no push has made it'),
  'environment-uid': text('Update this environment, even if no push has made it'),
  format,
  region: {
    choices: ['us', 'eu'],
    requiresArg: true,
    describe: 'Where the Postman team keeps its data; us where nothing is said',
    group: 'Connection:',
  },
  'postman-api-url': text('Another address of the Postman API; it is given the API key', 'Connection:'),
  'timeout-request': {
    ...number('Deadline for each request with its answer, in milliseconds', 'Connection:'),
    default: 60_000,
  },
  ca: connectionOptions.ca,
} as const;

const initOptions = {
  ci: {
    choices: ['github', 'gitlab', 'none'],
    requiresArg: true,
    describe: 'The CI system to write a pipeline for; by default the one that hosts the repository',
  },
  shards: { ...number('How many jobs share the fleet'), default: 3 },
  out: { ...text("The repository's root, where the files go"), default: '.' },
  yes: flag('Write without asking'),
  'dry-run': flag('Show everything and write nothing'),
  force: flag('Replace files even if somebody changed them'),
} as const;

const shareOptions = {
  to: {
    ...text('Encrypt for this recipient, age1…, or for those in this file (repeatable)'),
    array: true,
  },
  passphrase: flag(
    'Encrypt with a passphrase instead; it is asked for twice, or comes from BIOTZ_AGE_PASSPHRASE',
  ),
  armor: flag('Write text (ASCII armour) instead of bytes; up to 16 MB'),
  out: text('The file to write; by default DEVICES with .age behind it'),
  force: flag('Replace an encrypted file that is there'),
  identity,
} as const;

const compared = {
  ...text('Compare with the passwords of this credentials file (repeatable)'),
  array: true,
} as const;

const shareCheckOptions = {
  devices: compared,
  staged: flag('Look at what git has staged for the next commit; PATHS narrow it down'),
  exclude: { ...text('Pass over paths like this: *.svg, test/** (repeatable)'), array: true },
  ignored: flag('In folders, look also at what git ignores'),
  format,
  identity,
} as const;

const shareCleanOptions = {
  devices: compared,
  out: text('Write to this file instead, which must not be there yet'),
  'dry-run': flag('Only say what would be taken out'),
  identity,
} as const;

const shareKeygenOptions = {
  out: {
    ...text('The file to make (0600); one that is there is never replaced'),
    default: 'biotz.identity.txt',
  },
} as const;

export const commandOptions = {
  demo: demoOptions,
  generate: generateOptions,
  check: checkOptions,
  run: runOptions,
  token: tokenOptions,
  doctor: doctorOptions,
  snippet: snippetOptions,
  serve: serveOptions,
  init: initOptions,
  share: shareOptions,
  'share check': shareCheckOptions,
  'share clean': shareCleanOptions,
  'share keygen': shareKeygenOptions,
  'report merge': reportOptions,
  push: pushOptions,
} as const satisfies Record<string, Record<string, Options>>;

export const commonOptions = {
  config: text('Config file; biotz-postman.config.json in this folder by default'),
  verbose: flag('Say what became of each device, and show the stack trace of an error'),
} as const satisfies Record<string, Options>;

export type CommandName = keyof typeof commandOptions;

type CamelCase<S> = S extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S;
/** yargs gives `--token-url` under both spellings; only one of them is used. */
type CamelCased<T> = { readonly [K in keyof T as CamelCase<K>]: T[K] };

/** What a command is called with. `source`, `journals`, `paths`, `file` and `from` are its arguments, where it has them. */
export type ArgumentsOf<C extends CommandName> = CamelCased<
  InferredOptionTypes<(typeof commandOptions)[C]> & InferredOptionTypes<typeof commonOptions>
> & {
  readonly source: C extends OptionalSource ? string | undefined : string;
  readonly journals: readonly string[];
  readonly paths: readonly string[];
  readonly file: string;
  readonly from: string | undefined;
};

/** The commands that do without DEVICES, too. */
type OptionalSource = 'generate' | 'token' | 'doctor' | 'init';

/**
 * All that a config file may set. It comes with a repository and so, in a pull request, from other people:
 * where passwords are sent or written, what is sent, and what code sees them is not for it to say.
 */
export const allowedInConfigFile: ReadonlySet<string> = new Set([
  'behaviour',
  'body',
  'client-auth',
  'client-id',
  'concurrency',
  'for',
  'format',
  'message-type',
  'quiet',
  'rate',
  'reporters',
  'retries',
  'scope',
  'timeout-request',
  'timeout-script',
  'verbose',
]);
