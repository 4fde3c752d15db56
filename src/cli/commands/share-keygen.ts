import { invalidOption } from '../../errors/option-error.js';
import { generateKeyPair, identityFile } from '../../age/keys.js';
import { harmless } from '../../text/harmless.js';
import type { Command } from '../options/options.js';
import { exitStatus } from '../terminal/exit-status.js';
import { requireIgnored } from '../inputs/exposure.js';
import { writeNewFile } from '../inputs/new-file.js';

/** Creates an identity. Standard output gets only its public half, for `--to`. */
export const shareKeygen: Command<'share keygen'> = async ({ out }, terminal) => {
  if (out === '' || out === '-') {
    const problem = 'takes a file, because a private key is never printed';
    throw invalidOption('--out', problem, 'Name the file to write.');
  }
  await requireIgnored('--out', out, terminal);
  const pair = await generateKeyPair();
  await writeNewFile(out, identityFile(pair, new Date(terminal.io.now())), '--out');
  await terminal.result(`${pair.recipient}\n`);
  terminal.note(
    `The identity is in ${harmless(out)} (0600). It decrypts everything that is encrypted for its recipient. ` +
      'Keep it out of git, and share only the recipient.\n',
  );
  return exitStatus.ok;
};
