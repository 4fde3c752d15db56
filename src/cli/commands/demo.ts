import { fileError, withWriteErrors } from '../../files/errors.js';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openCredentials } from '../../device/source/open-credentials.js';
import { streamDevices } from '../../device/read-devices.js';
import { errorCode } from '../../errors/error-code.js';
import type { Profile } from '../../platform/profile.js';
import { biotzProfile } from '../../platform/profile.js';
import { createEnvironment } from '../../postman/environment.js';
import { stageFiles } from '../../postman/generate.js';
import { formatFiles } from '../../report/files-text.js';
import { counted } from '../../text/counted.js';
import { harmless } from '../../text/harmless.js';
import { makeFolder } from '../../files/make-folder.js';
import { makeTemporaryFolder, type TemporaryFolder } from '../../files/staged-file.js';
import { Secret } from '../../secret/secret.js';
import { credentialsFile, type SampleDevice, sampleDevices } from '../../stand-in/sample-devices.js';
import { startStandIn } from '../../stand-in/server.js';
import { createRunPlan } from '../../newman/plan.js';
import { takeCensus } from '../../fleet/census.js';
import { newmanLane } from '../../runs/lanes.js';
import { DiagnosticPrinter } from '../inputs/credentials.js';
import { requireIgnored, requireIgnoredPrivate } from '../inputs/exposure.js';
import { writeNewFile } from '../inputs/new-file.js';
import { wholeNumber } from '../options/values.js';
import type { Command } from '../options/options.js';
import { runOnTerminal } from '../terminal/run-on-terminal.js';
import type { Terminal } from '../terminal/terminal.js';

const message = { messageType: 'climate', payload: '{"hum":20.5,"temp":25.6}' };

/**
 * Shows the whole product on the embedded platform: creates devices, writes their credentials file like the platform,
 * generates the files, and runs the fleet.
 */
export const demo: Command<'demo'> = async (argv, terminal) => {
  const count = wholeNumber('--devices', argv.devices, { min: 1, max: 100_000 });
  const wrong = wholeNumber('--fail', argv.fail, { min: 0, max: count });
  if (argv.keep !== undefined) {
    await requireIgnored('--keep', join(argv.keep, 'devices.csv'), terminal);
    await requireIgnoredPrivate('--keep', join(argv.keep, 'generated'), terminal);
  }
  const samples = [...sampleDevices(count, { seed: 'demo' })];
  const platform = await startStandIn({ devices: samples, behaviour: argv.behaviour });
  let temporary: TemporaryFolder | undefined;
  try {
    if (argv.keep === undefined) temporary = await temporaryFolder();
    const folder = temporary?.path ?? (await keepFolder(argv.keep ?? ''));
    const profile: Profile = {
      ...biotzProfile,
      tokenUrl: platform.tokenUrl,
      ingestionUrl: platform.ingestionUrl,
      ...(argv.body && { bodyMode: argv.body }),
      ...(argv.clientAuth && { clientAuth: argv.clientAuth }),
    };
    step(terminal, 1, `The embedded platform listens on ${platform.url} and knows ${count} devices.`);
    const source = join(folder, 'devices.csv');
    await writeNewFile(source, [...credentialsFile(withWrongPasswords(samples, wrong))].join(''), '--keep');
    step(
      terminal,
      2,
      `Their credentials file is ${harmless(source)}${wrong > 0 ? `, with ${counted(wrong, 'wrong password')}` : ''}.`,
    );
    const status = await generateAndRun(source, join(folder, 'generated'), profile, terminal);
    terminal.note(
      temporary === undefined
        ? `\nAll files are in ${harmless(folder)}. "biotz-postman serve" starts the platform again, on a port of your choice.\n`
        : '\nThis was a demo, so its files are removed. Use --keep DIR to keep them.\n',
    );
    return status;
  } finally {
    await platform.close();
    await temporary?.remove();
  }
};

async function generateAndRun(
  source: string,
  out: string,
  profile: Profile,
  terminal: Terminal,
): Promise<number> {
  const file = await openCredentials(source);
  try {
    const printer = new DiagnosticPrinter(terminal);
    const reading = takeCensus(file, { onDiagnostic: printer.print });
    const census = await reading.finally(() => printer.finish());
    const { messageType } = message;
    const staged = await stageFiles(streamDevices(file), { out, source, profile, messageType });
    const files = await staged.commit();
    step(terminal, 3, 'generate writes what Postman imports and Newman runs.');
    await terminal.result(formatFiles(out, staged.deviceCount, files, terminal.paint));
    step(
      terminal,
      4,
      'run sends every device through the collection in Newman: Get token, then Publish data.',
    );
    const plan = await createRunPlan({
      environment: createEnvironment(profile, { messageType }),
      processEnvironment: terminal.io.env,
      profile,
      publish: message,
    });
    const folder = join(out, '../biotz-report');
    const openLane = async () => newmanLane(plan, {});
    const shown = { summary: true, quiet: false, verbose: false };
    return await runOnTerminal(census, { folder, openLane, ...shown }, terminal);
  } finally {
    await file.close();
  }
}

/** Makes some passwords wrong, spread evenly over the file. */
function withWrongPasswords(samples: readonly SampleDevice[], wrong: number): readonly SampleDevice[] {
  return samples.map((device, index) =>
    Math.floor(((index + 1) * wrong) / samples.length) > Math.floor((index * wrong) / samples.length)
      ? { ...device, password: new Secret(`not-${device.password.reveal()}`) }
      : device,
  );
}

async function temporaryFolder(): Promise<TemporaryFolder> {
  const parent = tmpdir();
  try {
    return await makeTemporaryFolder(parent);
  } catch (error) {
    throw fileError('OUTPUT_NOT_WRITTEN', {
      file: `A temporary folder in ${parent}`,
      reason: errorCode(error) ?? 'unknown',
      next: 'Set TMPDIR to a writable folder with free space, or keep the files with --keep DIR.',
    });
  }
}

async function keepFolder(keep: string): Promise<string> {
  await withWriteErrors(keep, () => makeFolder(keep, 0o700));
  return resolve(keep);
}

function step(terminal: Terminal, number: number, text: string): void {
  terminal.note(`${terminal.paintNotes.strong(`${number}.`)} ${text}\n`);
}
