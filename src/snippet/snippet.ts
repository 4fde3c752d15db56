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

/** For what a snippet can be written. */
export type SnippetProgram = 'httpie' | 'curl' | 'powershell' | 'node' | 'python';

type Write = (text: string, name: MarkerName) => string;

const anywhere =
  (write: WriteLiteral): Write =>
  (text) =>
    write(text);

/** How each template's file ends, and how values are written in it. */
const languages: { readonly [P in SnippetProgram]: { readonly ending: string; readonly write: Write } } = {
  httpie: { ending: 'sh', write: writeForHttpie },
  curl: { ending: 'sh', write: (text, name) => writeForShell(text, name, 'curl') },
  powershell: { ending: 'ps1', write: anywhere(powerShellString) },
  node: { ending: 'mjs', write: anywhere(javaScriptString) },
  python: { ending: 'py', write: anywhere(pythonString) },
};

/**
 * What logs one user in with another program: the guide's request, with the password taken from the environment
 * variable BIOTZ_PASSWORD when it is run, and never in a command line.
 *
 * @param profile where and how; its token URL is a URL
 * @throws {BiotzPostmanError} SNIPPET_UNWRITABLE where the program has no safe way to write a value
 */
export async function createSnippet(
  program: SnippetProgram,
  profile: Omit<Profile, 'ingestionUrl'>,
  username: string,
): Promise<string> {
  const { ending, write } = languages[program];
  const clientId = wellFormed(profile.clientId);
  const values = {
    // As URL parsers of browsers have it, which leave no character to be read in two ways.
    token_url: new URL(profile.tokenUrl).href,
    username: wellFormed(username),
    client_id: clientId,
    scope: wellFormed(profile.scope),
    // A public client has no secret; both halves are form-encoded (RFC 6749, 2.3.1).
    ...(profile.clientAuth === 'basic' && { basic: `${encodeURIComponent(clientId)}:` }),
  };
  return fillTemplate(await readTemplate(`snippet/${program}.${profile.bodyMode}.${ending}`), values, write);
}

/** Half a surrogate pair is sent as U+FFFD, as everywhere. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** A shell has no escapes for what a terminal would obey or hide, so a user could not see what is pasted. */
function writeForShell(text: string, name: MarkerName, program: SnippetProgram): string {
  if (!hasHiddenCharacters(text)) return shellWord(text);
  const problem = 'a control or invisible character is in it';
  throw snippetError('SNIPPET_UNWRITABLE', { program, value: name, problem });
}

function writeForHttpie(text: string, name: MarkerName): string {
  if (name === 'token_url' || name === 'basic') return writeForShell(text, name, 'httpie');
  const value = httpieValue(text);
  if (value !== undefined) return writeForShell(value, name, 'httpie');
  const problem = 'HTTPie would drop a backslash of it';
  throw snippetError('SNIPPET_UNWRITABLE', { program: 'httpie', value: name, problem });
}
