import { defineErrors } from '../errors/define-errors.js';

export const platformError = defineErrors({
  /** A URL would send credentials in plain text, or is invalid. `option` is the flag that sets it. */
  URL_INSECURE: ({ option, url }: { readonly option: string; readonly url: string }) => ({
    reason: `${option} is ${url}: credentials would travel unencrypted to a host that is not this machine.`,
    next: 'Use an https:// address, or add --insecure if you accept that anyone on the way can read them.',
  }),
  URL_INVALID: ({ option }: { readonly option: string }) => ({
    reason: `${option} is not an http:// or https:// address.`,
    next: 'Write the whole address, for example https://auth.example.org/realms/my-realm/protocol/openid-connect/token.',
  }),
});
