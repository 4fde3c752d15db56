import type { WarningCode } from '../platform/warning.js';
import type { ReasonProse } from './reasons.js';

/** The sentences of every warning code. */
export const warningProse: { readonly [C in WarningCode]: ReasonProse } = {
  'id-token-names-no-user': {
    meaning: 'the id_token does not say whose it is',
    remedy:
      'Nothing is wrong, but a mix-up at the server would not be noticed. Add "profile" to scope (--scope "openid profile") to have it checked.',
  },
  'session-not-ended': {
    meaning: 'the session that the login opened was not ended',
    remedy: 'It ends by itself when the server lets it expire.',
  },
  'session-not-endable': {
    meaning: 'the session that the login opened cannot be ended: the server gave no refresh_token',
    remedy: 'It ends by itself when the server lets it expire.',
  },
};
