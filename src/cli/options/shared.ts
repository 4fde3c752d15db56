import { USERS_CLIENT_ID } from '../../platform/profile.js';
import { flag, number, text } from './kinds.js';

// What several commands take.

export const platform = 'Platform:';

/** Where to log in and how; they override the Biotz platform's own values. */
export const profileOptions = {
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
export const usersClient = `client ${USERS_CLIENT_ID}, unless --client-id names another`;

export const messageOptions = {
  'message-type': text('Internal name of the message type to publish, such as temperature'),
  payload: text('The message: JSON, or @FILE'),
} as const;

/** What opens DEVICES where they are encrypted. */
export const identity = {
  ...text(
    'Decrypt DEVICES with the age identities in this file (repeatable); BIOTZ_AGE_IDENTITY may hold one itself',
  ),
  array: true,
} as const;

export const templates = text(
  'Folder of templates to use in place of the built-in ones (they are code; docs/templates.md)',
);
export const insecure = flag(
  'Accept http:// beyond this machine and any certificate: others may read the passwords',
);

/** How connections are made without Newman. */
export const connectionOptions = {
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

export const format = {
  choices: ['text', 'json'],
  requiresArg: true,
  default: 'text',
  describe: 'For people or for machines',
} as const;
