import type { InferredOptionTypes, Options } from 'yargs';
import { fleetOptions, reportOptions } from './fleet.js';
import { flag, number, text } from './kinds.js';
import {
  connectionOptions,
  format,
  identity,
  insecure,
  messageOptions,
  platform,
  profileOptions,
  templates,
  usersClient,
} from './shared.js';
import { shareCheckOptions, shareCleanOptions, shareKeygenOptions, shareOptions } from './share.js';

// One table of every option, so that a flag means the same in each command. Names follow Newman's where the
// meaning is the same.

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
    describe: 'Push only the collection, or only the environments',
  },
  'dry-run': flag('Show what would change in Postman; write nothing'),
  yes: flag('Do not ask before writing, as in CI'),
  force: flag('Also replace descriptions, bodies and values that somebody edited in Postman'),
  'collection-uid': text('Update this collection, even if no push has made it'),
  'environment-uid': text('Update this shared environment, even if no push has made it'),
  'user-environment-uid': text('The same for the environment of "generate --user"'),
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
  /** Values of the config file for this command's options, by their names. */
  readonly fromConfigFile: Readonly<Record<string, unknown>>;
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
