import { shownName } from '../../device/device.js';
import { harmless } from '../../text/harmless.js';
import { createSnippet } from '../../snippet/snippet.js';
import type { Command } from '../options/options.js';
import { nameOf } from '../inputs/credentials.js';
import { exitStatus } from '../terminal/exit-status.js';
import { oneDevice } from '../inputs/one-device.js';
import { profileFrom } from '../options/values.js';

/** Prints a login of one device for another program; it does not contain the password. */
export const snippet: Command<'snippet'> = async ({ for: program, source, ...argv }, terminal) => {
  const profile = profileFrom(argv, argv.insecure === true);
  const device = await oneDevice({ ...argv, source }, terminal);
  const { username, line } = device;
  await terminal.result(await createSnippet(program, profile, username));
  const place = `${harmless(nameOf(source))}, line ${line}`;
  terminal.note(
    `This logs ${harmless(shownName(device))} in. It does not contain the password, which stays in ${place}. Its comment says how to pass the password.\n`,
  );
  return exitStatus.ok;
};
