import type { ReasonProse } from './reason.js';

/** What is worth knowing about a device although it did not fail, as a stable code. Codes may be added, never renamed. */
export const warningProse = {
  // Nothing in the id_token says whose it is
  'id-token-names-no-user': {
    meaning: 'the id_token does not say whose it is',
    remedy:
      'Nothing is wrong, but a mix-up at the server would not be noticed. Add "profile" to scope (--scope "openid profile") to have it checked.',
  },
  // The server did not end the session that the login opened
  'session-not-ended': {
    meaning: 'the session that the login opened was not ended',
    remedy: 'It ends by itself when the server lets it expire.',
  },
  // The server gave no refresh token, which is what ends a session
  'session-not-endable': {
    meaning: 'the session that the login opened cannot be ended: the server gave no refresh_token',
    remedy: 'It ends by itself when the server lets it expire.',
  },
} as const satisfies Readonly<Record<string, ReasonProse>>;

export type WarningCode = keyof typeof warningProse;
