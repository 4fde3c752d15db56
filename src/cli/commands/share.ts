import { optionError } from '../../errors/option-error.js';
import { enarmor, type Audience, encrypt } from '../../age/encrypt.js';
import { validateDevices } from '../../device/read-devices.js';
import { harmless } from '../../text/harmless.js';
import type { Command } from '../command.js';
import { DiagnosticPrinter, openSource } from '../inputs/credentials.js';
import { EncryptedOutput, requireReplaceable } from '../inputs/encrypted-output.js';
import { exitStatus } from '../terminal/exit-status.js';
import { onInterrupt } from '../terminal/interrupt.js';
import type { ArgumentsOf } from '../options/options.js';
import { newPassphrase } from '../inputs/passphrase.js';
import { recipientsFrom } from '../inputs/recipients.js';
import { untilAborted } from '../until-aborted.js';

/** Encrypts a credentials file, which has to be good, for others. It may be encrypted already, for fewer or more. */
export const share: Command<'share'> = async (argv, terminal) => {
  // Everything that can be wrong with the command line is said before the file is read.
  const recipients = await recipientsFrom(argv);
  const out = placeFor(argv);
  const force = argv.force === true;
  await requireReplaceable(out, force);
  const audience =
    recipients === undefined ? { passphrase: await newPassphrase(terminal.io) } : { recipients };
  const printer = new DiagnosticPrinter(terminal);
  const file = await openSource(argv.source, argv, printer.print, terminal);
  const interrupt = onInterrupt(terminal, 'What was written so far is removed.');
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
      terminal.note(
        `${harmless(argv.source)} stays as it is; where that is not encrypted, keep it out of git.\n`,
      );
    }
    return exitStatus.ok;
  } finally {
    interrupt.release();
    await output?.discard();
    await file.close();
  }
};

/** @throws {BiotzPostmanError} OPTION_INVALID */
function placeFor({ source, out }: ArgumentsOf<'share'>): string {
  if (out !== undefined && out !== '-' && out !== '') return out;
  if (out === undefined && source !== '-') return source.endsWith('.age') ? source : `${source}.age`;
  const problem = out === undefined ? 'is missing, and standard input has no name' : 'takes a file';
  throw optionError('OPTION_INVALID', {
    option: '--out',
    problem,
    next: 'Name the file to write.',
  });
}

/** @throws {BiotzPostmanError} OPTION_INVALID */
async function armored(encrypted: AsyncIterable<Uint8Array>): Promise<string> {
  const text = await enarmor(encrypted);
  if (text !== undefined) return text;
  throw optionError('OPTION_INVALID', {
    option: '--armor',
    problem: 'is for files up to 16 MB, because armour is held in memory wherever it is read',
    next: 'Leave it away: a binary file may have any size.',
  });
}

function describe(audience: Audience): string {
  if ('passphrase' in audience) return 'with a passphrase';
  const { recipients } = audience;
  return recipients.length === 1
    ? `for ${recipients[0]}`
    : `for ${recipients.length} recipients:\n${recipients.map((each) => `  ${each}`).join('\n')}`;
}
