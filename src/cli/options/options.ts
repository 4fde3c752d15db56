import type { InferredOptionTypes, Options } from 'yargs';
import type { Terminal } from '../terminal/terminal.js';
import {
  connectionOptions,
  flag,
  fleetOptions,
  format,
  identity,
  insecure,
  messageOptions,
  number,
  oneDevice,
  platform,
  profileOptions,
  reportOptions,
  templates,
  text,
  timeoutRequest,
  usersClient,
} from './shared.js';

// One table of every option, so that a flag means the same in each command. Names follow Newman's where the
// meaning is the same.

const generateOptions = {
  out: { ...text('Folder to write to'), default: 'generated' },
  device: {
    ...text('Write the private environment of this device (name or device id; repeatable)'),
    array: true,
  },
  all: flag('Write the private environments of all devices'),
  force: flag('Replace files even if they were edited since'),
  identity,
  secrets: {
    choices: ['blank', 'vault'],
    requiresArg: true,
    default: 'blank',
    describe: "What the shared environment holds for credentials: nothing, or references to Postman's vault",
  },
  'message-type': messageOptions['message-type'],
  openapi: text('Add the requests of this API: an OpenAPI document (JSON or YAML)'),
  'api-url': text("Address that the requests of --openapi are sent to; default: the document's first server"),
  templates,
  ...profileOptions,
  user: flag(`Also write an environment for a user of the Developer API: ${usersClient}`, platform),
} as const;

const runOptions = {
  folder: { ...text('Request or folder of the collection to run (name or id; repeatable)'), array: true },
  ...messageOptions,
  'timeout-request': timeoutRequest,
  'timeout-script': { ...number('Deadline for each script, in milliseconds'), default: 10_000 },
  collection: text(
    'Run this Postman collection instead. A collection is code: its scripts see every password',
  ),
  environment: text('Use this Postman environment; the options here override its values'),
  'env-var': { ...text('Set an environment variable, KEY=VALUE (repeatable)'), array: true },
  templates,
  identity,
  insecure,
  ...profileOptions,
  body: {
    ...profileOptions.body,
    choices: ['formdata', 'urlencoded', 'auto'],
    describe: 'How the token request sends its parameters (variable body_mode); auto probes the server',
  },
  'newman-reporter': {
    ...text('Also use this reporter of Newman, on small runs only; it writes secrets (repeatable)'),
    array: true,
  },
  ...fleetOptions,
} as const;

const tokenOptions = {
  device: oneDevice,
  all: flag('Log every device in'),
  username: text('User to log in; the password comes from BIOTZ_PASSWORD, standard input or a prompt'),
  token: {
    choices: ['id', 'access', 'refresh'],
    requiresArg: true,
    default: 'id',
    describe: 'Token to print',
  },
  format: {
    choices: ['raw', 'header', 'json', 'dotenv', 'postman-environment'],
    requiresArg: true,
    default: 'raw',
    describe: 'Output format; json and postman-environment contain everything',
  },
  out: text('Write the tokens to this file (0600), as JSON (.json) or NDJSON'),
  identity,
  'end-sessions': flag('End each session after the login'),
  verify: { ...flag("Verify id_tokens with the realm's keys; skip with --no-verify"), default: true },
  ...connectionOptions,
  ...fleetOptions,
  ...profileOptions,
  user: flag(`Log in a user of the Developer API: ${usersClient}`, platform),
  body: {
    ...profileOptions.body,
    choices: ['formdata', 'urlencoded', 'auto'],
    default: 'urlencoded',
    describe: 'How the token request sends its parameters; auto probes the server',
  },
} as const;

const snippetOptions = {
  for: {
    choices: ['httpie', 'curl', 'powershell', 'node', 'python'],
    requiresArg: true,
    default: 'httpie',
    describe: 'Program or language of the snippet',
  },
  device: oneDevice,
  identity,
  insecure: flag('Accept http:// beyond this machine: others on the network can read the password'),
  'token-url': profileOptions['token-url'],
  'client-id': profileOptions['client-id'],
  scope: profileOptions.scope,
  body: { ...profileOptions.body, default: 'urlencoded' },
  'client-auth': profileOptions['client-auth'],
} as const;

const checkOptions = { format, identity } as const;

const doctorOptions = {
  device: text('Device to log in (name or device id); default: the first device of the file'),
  identity,
  ...messageOptions,
  format,
  ...connectionOptions,
  ...profileOptions,
  user: flag(
    `Check the login of a user of the Developer API, rather than of a device: ${usersClient}`,
    platform,
  ),
  body: {
    ...profileOptions.body,
    choices: ['formdata', 'urlencoded', 'auto'],
    default: 'auto',
    describe: 'How the token request sends its parameters; auto probes the server',
  },
} as const;

const behaviour = {
  choices: ['gateway', 'keycloak-26', 'keycloak-21'],
  requiresArg: true,
  default: 'gateway',
  describe: 'Answer to form-data: accept it, or refuse it like Keycloak 26 or Keycloak 21',
} as const;

const demoOptions = {
  devices: { ...number('Number of devices'), default: 25 },
  fail: { ...number('Number of devices with a wrong password'), default: 0 },
  keep: text('Keep all files in this folder'),
  behaviour,
  body: profileOptions.body,
  'client-auth': profileOptions['client-auth'],
} as const;

const serveOptions = {
  port: { ...number('Port to listen on; 0 for a free port'), default: 8080 },
  host: {
    ...text('Address to listen on; other machines can reach any address but loopback'),
    default: '127.0.0.1',
  },
  devices: { ...text('Credentials file, or number of sample devices'), default: '25' },
  identity,
  out: text('Write the sample devices to this credentials file'),
  behaviour,
} as const;

const pushOptions = {
  workspace: text('Id of the Postman workspace, as in its address'),
  only: {
    choices: ['collection', 'environment'],
    requiresArg: true,
    describe: 'Push only the collection, or only the environments',
  },
  'dry-run': flag('Show what would change in Postman; write nothing'),
  yes: flag('Write without asking, for example in CI'),
  force: flag('Also replace descriptions, bodies and values that were edited in Postman'),
  'collection-uid': text('Update this collection, even if it was not created by a push'),
  'environment-uid': text('Update this shared environment, even if it was not created by a push'),
  'user-environment-uid': text(
    'Update this environment of "generate --user", even if it was not created by a push',
  ),
  format,
  region: {
    choices: ['us', 'eu'],
    requiresArg: true,
    describe: 'Region of the Postman team; default: us',
    group: 'Connection:',
  },
  'postman-api-url': text('Another address of the Postman API; it receives the API key', 'Connection:'),
  'timeout-request': {
    ...number('Deadline for each request including its answer, in milliseconds', 'Connection:'),
    default: 60_000,
  },
  ca: connectionOptions.ca,
} as const;

const initOptions = {
  ci: {
    choices: ['github', 'gitlab', 'none'],
    requiresArg: true,
    describe: 'CI system to write a pipeline for; default: the one that hosts the repository',
  },
  shards: { ...number('Number of jobs that share the fleet'), default: 3 },
  out: { ...text('Root of the repository'), default: '.' },
  yes: flag('Write without asking'),
  'dry-run': flag('Show the files and write nothing'),
  force: flag('Replace files even if they were edited since'),
} as const;

const shareOptions = {
  to: {
    ...text('Encrypt for this recipient (age1…) or for the recipients in this file (repeatable)'),
    array: true,
  },
  passphrase: flag('Encrypt with a passphrase, from a prompt or BIOTZ_AGE_PASSPHRASE'),
  armor: flag('Write text (ASCII armour) instead of bytes; up to 16 MB'),
  out: text('File to write; default: DEVICES with .age appended'),
  force: flag('Replace an existing encrypted file'),
  identity,
} as const;

const compared = {
  ...text('Compare with the passwords of this credentials file (repeatable)'),
  array: true,
} as const;

const shareCheckOptions = {
  devices: compared,
  staged: flag('Scan what git has staged for the next commit; PATHS narrow it down'),
  exclude: { ...text('Skip paths that match this pattern: *.svg, test/** (repeatable)'), array: true },
  ignored: flag('In folders, also scan files that git ignores'),
  format,
  identity,
} as const;

const shareCleanOptions = {
  devices: compared,
  out: text('Write to this file instead; it must not exist yet'),
  'dry-run': flag('Only show what would be removed'),
  identity,
} as const;

const shareKeygenOptions = {
  out: {
    ...text('File to create (0600); an existing file is never replaced'),
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
  config: text('Config file; default: biotz-postman.config.json in the working folder'),
  verbose: flag('Show the result of each attempt, and the stack trace of an error'),
} as const satisfies Record<string, Options>;

export type CommandName = keyof typeof commandOptions;

type CamelCase<S> = S extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : S;
/** yargs gives `--token-url` under both spellings; commands use this one. */
type CamelCased<T> = { readonly [K in keyof T as CamelCase<K>]: T[K] };

/** Options and arguments of a command. `source`, `journals`, `paths`, `file` and `from` are its arguments, if it has them. */
export type ArgumentsOf<C extends CommandName> = CamelCased<
  InferredOptionTypes<(typeof commandOptions)[C]> & InferredOptionTypes<typeof commonOptions>
> & {
  readonly source: C extends OptionalSource ? string | undefined : string;
  readonly journals: readonly string[];
  readonly paths: readonly string[];
  readonly file: string;
  readonly from: string | undefined;
  /** Values of the config file for this command's options, by their names. */
  readonly fromConfigFile: Readonly<Record<string, unknown>>;
};

/** Commands whose DEVICES are optional. */
type OptionalSource = 'generate' | 'token' | 'doctor' | 'init';

/** Does a command's work and returns the exit status. */
export type Command<C extends CommandName> = (argv: ArgumentsOf<C>, terminal: Terminal) => Promise<number>;
