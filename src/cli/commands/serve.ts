import { invalidOption } from '../../errors/option-error.js';
import type { Device } from '../../device/device.js';
import { streamDevices, validateDevices } from '../../device/read-devices.js';
import { harmless } from '../../text/harmless.js';
import { credentialsFile, sampleDevices } from '../../stand-in/sample-devices.js';
import type { StandInUser } from '../../stand-in/token-endpoint.js';
import { startStandIn } from '../../stand-in/server.js';
import { DiagnosticPrinter, openSource } from '../inputs/credentials.js';
import { exitStatus } from '../terminal/exit-status.js';
import { requireIgnored } from '../inputs/exposure.js';
import { untilStopped } from '../terminal/interrupt.js';
import { writeNewFile } from '../inputs/new-file.js';
import { wholeNumber } from '../options/values.js';
import type { ArgumentsOf, Command } from '../options/options.js';
import type { Terminal } from '../terminal/terminal.js';

/** Sample devices are held in memory. */
const MOST_SAMPLES = 1_000_000;

/** Starts the embedded platform; runs until a signal stops it. */
export const serve: Command<'serve'> = async (argv, terminal) => {
  const port = wholeNumber('--port', argv.port, { min: 0, max: 65_535 });
  const devices = await usersFrom(argv, terminal);
  const platform = await startStandIn({ devices, behaviour: argv.behaviour, host: argv.host, port });
  // A caller that reads the address may stop the platform at once.
  const stopped = untilStopped(terminal.io);
  try {
    await terminal.result(
      `The embedded platform knows ${devices.length} devices and listens on ${platform.url}\n` +
        `  --token-url ${platform.tokenUrl}\n  --ingestion-url ${platform.ingestionUrl}\n`,
    );
    await stopped;
    return exitStatus.ok;
  } finally {
    await platform.close();
  }
};

async function usersFrom(argv: ArgumentsOf<'serve'>, terminal: Terminal): Promise<readonly StandInUser[]> {
  if (!/^\d+$/.test(argv.devices)) {
    if (argv.out === undefined) return readUsers(argv, terminal);
    const problem = 'writes sample devices, but --devices names a file';
    throw invalidOption('--out', problem);
  }
  const count = wholeNumber('--devices', Number(argv.devices), { min: 1, max: MOST_SAMPLES });
  if (argv.out !== undefined) await requireIgnored('--out', argv.out, terminal);
  const samples = [...sampleDevices(count, { seed: 'serve' })];
  if (argv.out === undefined) {
    terminal.note('Add --out FILE to get the sample devices as a credentials file.\n');
  } else {
    await writeNewFile(argv.out, [...credentialsFile(samples)].join(''), '--out');
    terminal.note(`Their credentials are in ${harmless(argv.out)}\n`);
  }
  return samples;
}

async function readUsers(argv: ArgumentsOf<'serve'>, terminal: Terminal): Promise<readonly StandInUser[]> {
  const printer = new DiagnosticPrinter(terminal);
  const file = await openSource(argv.devices, argv, printer.print, terminal);
  try {
    await validateDevices(file, { onDiagnostic: printer.print });
    printer.requireNoErrors();
    const devices: Device[] = [];
    for await (const batch of streamDevices(file)) devices.push(...batch);
    return devices;
  } finally {
    await file.close();
  }
}
