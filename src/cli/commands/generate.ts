import { streamDevices } from '../../device/stream-devices.js';
import { BiotzPostmanError } from '../../errors.js';
import { requireMessageType } from '../../platform/message-type.js';
import { isInsecure } from '../../platform/urls.js';
import type { DeviceSelection } from '../../postman/device-choice.js';
import { stageFiles } from '../../postman/generate.js';
import { loadTemplates } from '../../postman/templates.js';
import { formatFiles } from '../../report/files-text.js';
import { DiagnosticPrinter, openSource } from '../credentials.js';
import { exitStatus } from '../exit-status.js';
import { requireIgnoredPrivate } from '../exposure.js';
import { onInterrupt } from '../interrupt.js';
import type { ArgumentsOf } from '../options.js';
import { profileFrom } from '../profile.js';
import type { Command } from '../command.js';
import { Aborted, untilAborted } from '../until-aborted.js';

/** Writes the collection, the environments and the iteration data. */
export const generate: Command<'generate'> = async (argv, terminal) => {
  const select = selectionFrom(argv);
  // Nothing is sent by this command, so a development server's http:// address may be written down.
  const profile = profileFrom(argv, true);
  if ([profile.tokenUrl, profile.ingestionUrl].some((url) => isInsecure(new URL(url)))) {
    const warning = terminal.paintNotes.bad('warning');
    terminal.note(
      `${warning}: an address is http:// beyond this machine; "run" refuses it without --insecure.\n`,
    );
  }
  const messageType = argv.messageType === undefined ? undefined : requireMessageType(argv.messageType);
  const templates = argv.templates === undefined ? undefined : await loadTemplates(argv.templates);
  await requireIgnoredPrivate('--out', argv.out, terminal);
  const printer = new DiagnosticPrinter(terminal);
  const file = await openSource(argv.source, argv, printer.print, terminal);
  const interrupt = onInterrupt(terminal, 'What was written so far is removed.');
  try {
    const devices = untilAborted(streamDevices(file, { onDiagnostic: printer.print }), interrupt.signal);
    const staged = await stageFiles(devices, {
      out: argv.out,
      source: file.name,
      profile,
      select,
      secrets: argv.secrets,
      ...(templates && { templates }),
      ...(messageType !== undefined && { messageType }),
    });
    try {
      printer.requireNoErrors();
    } catch (error) {
      await staged.discard();
      throw error;
    }
    const files = await staged.commit({ force: argv.force === true });
    await terminal.result(formatFiles(argv.out, staged.deviceCount, files, terminal.paint));
    terminal.note(
      argv.secrets === 'vault'
        ? 'Import the collection and the shared environment into Postman, and put biotz-username and biotz-password into your vault (docs/vault.md).\n'
        : 'Import the collection and an environment into Postman, choose the environment, and press Send.\n',
    );
    return exitStatus.ok;
  } catch (error) {
    if (interrupt.caught !== undefined && error instanceof Aborted) {
      return exitStatus.interrupted[interrupt.caught];
    }
    throw error;
  } finally {
    interrupt.release();
    await file.close();
  }
};

/** @throws {BiotzPostmanError} OPTION_INVALID where both are given */
function selectionFrom({ device, all }: ArgumentsOf<'generate'>): DeviceSelection {
  if (device === undefined || device.length === 0) return all === true ? 'all' : 'first';
  if (all !== true) return device;
  throw new BiotzPostmanError('OPTION_INVALID', {
    option: '--all',
    problem: 'cannot be used together with --device',
  });
}
