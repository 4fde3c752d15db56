import { USERS_CLIENT_ID } from '../../platform/profile.js';

// Options that several commands have.

// `requiresArg` keeps `--out --force` from taking a flag for a folder.
export const text = (describe: string, group?: string) =>
  ({ type: 'string', requiresArg: true, describe, ...(group !== undefined && { group }) }) as const;
export const number = (describe: string, group?: string) =>
  ({ type: 'number', requiresArg: true, describe, ...(group !== undefined && { group }) }) as const;
export const flag = (describe: string, group?: string) =>
  ({ type: 'boolean', describe, ...(group !== undefined && { group }) }) as const;

export const platform = 'Platform:';

/** Options of where and how to log in. They override the Biotz platform's own values. */
export const profileOptions = {
  'token-url': text('Address of the token endpoint', platform),
  'client-id': text('OAuth 2.0 client', platform),
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

/** The client of users. Only commands that work without a device have `--user`. */
export const usersClient = `client ${USERS_CLIENT_ID}, unless --client-id names another client`;

export const messageOptions = {
  'message-type': text('Internal name of the message type to publish, such as temperature'),
  payload: text('Message to publish: JSON, or @FILE'),
} as const;

export const identity = {
  ...text(
    'Decrypt DEVICES with the age identities in this file (repeatable); BIOTZ_AGE_IDENTITY can hold an identity itself',
  ),
  array: true,
} as const;

export const oneDevice = text('Device to log in (name or device id); default: the only device of the file');

export const templates = text(
  'Folder of templates that replace the built-in ones (templates are code; docs/templates.md)',
);
export const insecure = flag(
  'Accept http:// beyond this machine and any certificate: others on the network can read the passwords',
);

export const timeoutRequest = {
  ...number('Deadline for each request including its answer, in milliseconds'),
  default: 30_000,
} as const;

/** Options of connections that Newman does not make. */
export const connectionOptions = {
  'timeout-request': timeoutRequest,
  ca: text('Trust the certificate authorities of this PEM file as well', 'Connection:'),
  cert: text('Client certificate to present (PEM file)', 'Connection:'),
  key: text('Private key of --cert (PEM file); BIOTZ_KEY_PASSPHRASE can hold its passphrase', 'Connection:'),
  http2: flag('Offer HTTP/2 to the server', 'Connection:'),
  insecure,
} as const;

export const format = {
  choices: ['text', 'json'],
  requiresArg: true,
  default: 'text',
  describe: 'Output for people (text) or for programs (json)',
} as const;

/** Options of the reports about a run. */
export const reportOptions = {
  reporters: {
    ...text(
      'Reports to write: cli (standard output), json, junit, markdown, ndjson (comma-separated or repeated)',
    ),
    array: true,
    default: ['cli'],
  },
  'report-dir': { ...text('Folder for the journal and the report files'), default: 'biotz-report' },
} as const;

/** Options of sending a fleet and reporting on it. */
export const fleetOptions = {
  concurrency: {
    ...text('Devices at once: a number, or auto, which adapts to the server', 'Fleet:'),
    default: 'auto',
  },
  rate: text('Start at most this many attempts: 50/s, 600/m, 1000/h', 'Fleet:'),
  retries: {
    ...number(
      'Retries after a failure that may be temporary (no answer, 408, 429, 502-504, 520-524)',
      'Fleet:',
    ),
    default: 2,
  },
  'max-failures': text(
    'Stop after this many failed devices (20, or 5%). Default: stop when the first 20 are refused for the same reason',
    'Fleet:',
  ),
  bail: flag('Stop at the first failed device', 'Fleet:'),
  resume: text(
    'Resume from the journal in --report-dir; "--resume failed" retries only the failed devices',
    'Fleet:',
  ),
  shard: text('Send only this part of the fleet: 2/5, or auto to detect it from the CI job', 'Fleet:'),
  shards: number('Total number of shards, if --shard auto cannot detect it', 'Fleet:'),
  quiet: flag('Show no progress', 'Fleet:'),
  ...reportOptions,
} as const;
