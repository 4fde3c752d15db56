import { streamDevices } from '../../device/read-devices.js';
import { KnownSecrets } from '../../leak/known-secrets.js';
import { DiagnosticPrinter, type KeyArguments, openSource } from './credentials.js';
import type { Terminal } from '../terminal/terminal.js';

/**
 * The passwords of credentials files, to compare with. None is used before all files are known to be valid.
 *
 * @throws {BiotzPostmanError} CREDENTIALS_INVALID, and what opening them throws
 */
export async function knownPasswords(
  sources: readonly string[],
  keys: KeyArguments,
  terminal: Terminal,
): Promise<KnownSecrets> {
  const known = new KnownSecrets();
  const printer = new DiagnosticPrinter(terminal);
  for (const source of sources) {
    const file = await openSource(source, keys, printer.print, terminal);
    try {
      for await (const devices of streamDevices(file, { onDiagnostic: printer.print })) {
        for (const { password, deviceId } of devices) known.add(password.reveal(), deviceId);
      }
    } finally {
      await file.close();
    }
  }
  printer.requireNoErrors();
  if (known.notCompared > 0) {
    const [noun, verb] = known.notCompared === 1 ? ['password', 'is'] : ['passwords', 'are'];
    terminal.note(
      `${known.notCompared} ${noun} shorter than 4 characters ${verb} not compared, because too much text would match.\n`,
    );
  }
  return known;
}
