import { snippetError } from './errors.js';
import type { Profile } from '../platform/profile.js';
import { hasHiddenCharacters } from '../text/harmless.js';
import { shellWord } from '../text/shell-words.js';
import {
  httpieValue,
  javaScriptString,
  powerShellString,
  pythonString,
  type WriteLiteral,
} from './literals.js';
import { fillTemplate, type MarkerName, readTemplate } from './template.js';

/** A program that a snippet can be written for. */
export type SnippetProgram = 'httpie' | 'curl' | 'powershell' | 'node' | 'python';

type Write = (text: string, name: MarkerName) => string;

const anywhere =
  (write: WriteLiteral): Write =>
  (text) =>
    write(text);

/** The ending of each template's file, and how values are written in it. */
const languages: { readonly [P in SnippetProgram]: { readonly ending: string; readonly write: Write } } = {
  httpie: { ending: 'sh', write: writeForHttpie },
  curl: { ending: 'sh', write: (text, name) => writeForShell(text, name, 'curl') },
  powershell: { ending: 'ps1', write: anywhere(powerShellString) },
  node: { ending: 'mjs', write: anywhere(javaScriptString) },
  python: { ending: 'py', write: anywhere(pythonString) },
};

/**
 * Writes a snippet that logs one user in with another program. It sends the guide's request, and reads the password from
 * the environment variable BIOTZ_PASSWORD when it runs, never from a command line.
 *
 * @param profile its token URL must be a valid URL
 * @throws {BiotzPostmanError} SNIPPET_UNWRITABLE if a value cannot be written safely for the program
 */
export async function createSnippet(
  program: SnippetProgram,
  profile: Omit<Profile, 'ingestionUrl'>,
  username: string,
): Promise<string> {
  const { ending, write } = languages[program];
  const clientId = wellFormed(profile.clientId);
  const values = {
    // Normalized, so that no character can be read in two ways.
    token_url: new URL(profile.tokenUrl).href,
    username: wellFormed(username),
    client_id: clientId,
    scope: wellFormed(profile.scope),
    // A public client has no secret; both halves are form-encoded (RFC 6749, 2.3.1).
    ...(profile.clientAuth === 'basic' && { basic: `${encodeURIComponent(clientId)}:` }),
  };
  return fillTemplate(await readTemplate(`snippet/${program}.${profile.bodyMode}.${ending}`), values, write);
}

/** Half a surrogate pair becomes U+FFFD, as in every request. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** A shell has no escapes for characters that a terminal obeys or hides, so the user could not see what is pasted. */
function writeForShell(text: string, name: MarkerName, program: SnippetProgram): string {
  if (!hasHiddenCharacters(text)) return shellWord(text);
  const problem = 'it contains a control character or an invisible character';
  throw snippetError('SNIPPET_UNWRITABLE', { program, value: name, problem });
}

function writeForHttpie(text: string, name: MarkerName): string {
  if (name === 'token_url' || name === 'basic') return writeForShell(text, name, 'httpie');
  const value = httpieValue(text);
  if (value !== undefined) return writeForShell(value, name, 'httpie');
  const problem = 'HTTPie would drop one of its backslashes';
  throw snippetError('SNIPPET_UNWRITABLE', { program: 'httpie', value: name, problem });
}
