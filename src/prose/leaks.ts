import type { Leak, LeakCode } from '../leak/leak.js';
import { harmless } from '../text/harmless.js';

/** What was found, as a clause, and what to do. */
interface LeakProse {
  readonly meaning: string;
  readonly remedy: string;
}

const change = 'If it was pushed or sent already, change it: it is no secret any more.';

/** The sentences of every code. */
export const leakProse: { readonly [C in LeakCode]: LeakProse } = {
  'device-password': {
    meaning: 'the password of a device',
    remedy: `Take it out with "biotz-postman share clean". ${change}`,
  },
  'private-key': {
    meaning: 'a private key',
    remedy: `Take it out, and keep it in a file that git ignores. ${change}`,
  },
  'age-identity': {
    meaning: 'an age identity, which decrypts what was encrypted for it',
    remedy: `Take it out, and keep it in a file that git ignores. ${change}`,
  },
  'postman-api-key': {
    meaning: 'a Postman API key',
    remedy: `Take it out, and give it in the environment (POSTMAN_API_KEY). ${change}`,
  },
  jwt: {
    meaning: 'a JSON Web Token',
    remedy: 'Take it out with "biotz-postman share clean". Until it expires, whoever has it is let in.',
  },
  authorization: {
    meaning: 'the credentials of an Authorization header',
    remedy: `Use a variable in its place, such as {{id_token}}. ${change}`,
  },
  'url-password': {
    meaning: 'a password in a URL',
    remedy: `Use a variable in its place, such as {{password}}. ${change}`,
  },
  'secret-variable': {
    meaning: 'a variable of type secret that has a value',
    remedy: `Empty it with "biotz-postman share clean". ${change}`,
  },
  'secret-in-clear': {
    meaning: 'a value that is named like a secret',
    remedy: `Use a variable in its place, such as {{password}}. ${change}`,
  },
  'credentials-file': {
    meaning: 'a credentials file, with passwords in it',
    remedy: 'Keep it out, or encrypt it with "biotz-postman share".',
  },
};

/** One line: where, what, and the code to look it up by. */
export function formatLeak({ code, file, line, column, place, device }: Leak): string {
  const whose = device === undefined ? '' : ` (device ${harmless(device)})`;
  const where = place === undefined ? '' : `, ${harmless(place)}`;
  return `${harmless(file)}:${line}:${column}: ${leakProse[code].meaning}${whose}${where} [${code}]`;
}
