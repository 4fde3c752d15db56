import { ageError } from '../../age/errors.js';
import { looksLikeIdentity, distinctRecipients, parseRecipient, parseRecipients } from '../../age/keys.js';
import type { RecipientProblem } from '../../age/errors.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { reasonOf } from '../../files/file-problem.js';
import { readText } from '../../files/read-file.js';

/** Far more than 500 recipients take. */
const MAX_RECIPIENT_FILE_BYTES = 2 ** 20;

/** The options that say who may read a file. */
interface AudienceArguments {
  readonly to?: readonly string[] | undefined;
  readonly passphrase?: boolean | undefined;
}

/**
 * The recipients that are to read a file; `undefined` where it is whoever knows a passphrase.
 *
 * @throws {BiotzPostmanError} KEY_FILE_NOT_READABLE, OPTION_INVALID, RECIPIENT_INVALID
 */
export async function recipientsFrom({
  to = [],
  passphrase = false,
}: AudienceArguments): Promise<readonly string[] | undefined> {
  if (passphrase) return undefined;
  const recipients: string[] = [];
  for (const each of to) recipients.push(...(await recipientsIn(each)));
  return distinctRecipients(recipients);
}

async function recipientsIn(given: string): Promise<readonly string[]> {
  if (/^age1/i.test(given) || looksLikeIdentity(given) || given.startsWith('ssh-')) {
    return [parseRecipient(given, '--to')];
  }
  const read = await readText(given, { mostBytes: MAX_RECIPIENT_FILE_BYTES });
  if ('text' in read) return parseRecipients(read.text, given);
  const { problem } = read;
  if (problem.code === 'too-large') throw invalid(given, 'too-many');
  if (problem.code === 'no-text' || problem.code === 'no-unicode') throw invalid(given, 'no-text');
  throw ageError('KEY_FILE_NOT_READABLE', {
    option: '--to',
    file: given,
    reason: reasonOf(problem),
  });
}

function invalid(from: string, problem: RecipientProblem): BiotzPostmanError {
  return ageError('RECIPIENT_INVALID', { from, problem });
}
