import { invalidOption } from '../../errors/option-error.js';
import { enarmor, type Audience, encrypt } from '../../age/encrypt.js';
import { validateDevices } from '../../device/read-devices.js';
import { harmless } from '../../text/harmless.js';
import type { Command, ArgumentsOf } from '../options/options.js';
import { DiagnosticPrinter, openSource } from '../inputs/credentials.js';
import { EncryptedOutput, requireReplaceable } from '../inputs/encrypted-output.js';
import { exitStatus } from '../terminal/exit-status.js';
import { onInterrupt, untilAborted } from '../terminal/interrupt.js';
import { newPassphrase } from '../inputs/password.js';
import { ageError } from '../../age/errors.js';
import { looksLikeIdentity, distinctRecipients, parseRecipient, parseRecipients } from '../../age/keys.js';
import type { RecipientProblem } from '../../age/errors.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { reasonOf } from '../../files/file-problem.js';
import { readText } from '../../files/read-file.js';

/** Encrypts a valid credentials file for other people. The file may already be encrypted, for other recipients. */
export const share: Command<'share'> = async (argv, terminal) => {
  // Every mistake on the command line must be reported before the file is read.
  const recipients = await recipientsFrom(argv);
  const out = placeFor(argv);
  const force = argv.force === true;
  await requireReplaceable(out, force);
  const audience =
    recipients === undefined ? { passphrase: await newPassphrase(terminal.io) } : { recipients };
  const printer = new DiagnosticPrinter(terminal);
  const file = await openSource(argv.source, argv, printer.print, terminal);
  const interrupt = onInterrupt(terminal, 'The unfinished file is removed.');
  let output: EncryptedOutput | undefined;
  try {
    const { created } = await validateDevices(file, { onDiagnostic: printer.print });
    printer.requireNoErrors();
    output = await EncryptedOutput.create(out, force);
    const encrypted = encrypt(untilAborted(file.chunks(), interrupt.signal), audience);
    if (argv.armor === true) await output.write(await armored(encrypted));
    else for await (const piece of encrypted) await output.write(piece);
    await output.commit();
    await terminal.result(
      `${harmless(out)}: ${created} ${created === 1 ? 'device' : 'devices'}, encrypted ${describe(audience)}\n`,
    );
    if (argv.source !== '-' && out !== argv.source) {
      terminal.note(`${harmless(argv.source)} is unchanged. If it is not encrypted, keep it out of git.\n`);
    }
    return exitStatus.ok;
  } finally {
    interrupt.release();
    await output?.discard();
    await file.close();
  }
};

/** Far more than 500 recipients need. */
const MAX_RECIPIENT_FILE_BYTES = 2 ** 20;

/**
 * The recipients who can decrypt the file; `undefined` for everyone who knows the passphrase.
 *
 * @throws {BiotzPostmanError} KEY_FILE_NOT_READABLE, OPTION_INVALID, RECIPIENT_INVALID
 */
async function recipientsFrom({
  to = [],
  passphrase,
}: ArgumentsOf<'share'>): Promise<readonly string[] | undefined> {
  if (passphrase === true) return undefined;
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

/** @throws {BiotzPostmanError} OPTION_INVALID */
function placeFor({ source, out }: ArgumentsOf<'share'>): string {
  if (out !== undefined && out !== '-' && out !== '') return out;
  if (out === undefined && source !== '-') return source.endsWith('.age') ? source : `${source}.age`;
  const problem = out === undefined ? 'is needed, because standard input has no name' : 'takes a file';
  throw invalidOption('--out', problem, 'Name the file to write.');
}

/** @throws {BiotzPostmanError} OPTION_INVALID */
async function armored(encrypted: AsyncIterable<Uint8Array>): Promise<string> {
  const text = await enarmor(encrypted);
  if (text !== undefined) return text;
  throw invalidOption(
    '--armor',
    'is for files up to 16 MB, because every reader holds armour in memory',
    'Omit it: a binary file can have any size.',
  );
}

function describe(audience: Audience): string {
  if ('passphrase' in audience) return 'with a passphrase';
  const { recipients } = audience;
  return recipients.length === 1
    ? `for ${recipients[0]}`
    : `for ${recipients.length} recipients:\n${recipients.map((each) => `  ${each}`).join('\n')}`;
}
