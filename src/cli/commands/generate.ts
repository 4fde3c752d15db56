import { streamDevices } from '../../device/read-devices.js';
import { requireMessageType } from '../../platform/message-type.js';
import { isInsecure, requireNoUser, requireSafeUrl } from '../../platform/urls.js';
import type { ApiRequests } from '../../postman/document.js';
import { stageFiles } from '../../postman/generate.js';
import { loadTemplates } from '../../postman/templates.js';
import { formatApi, formatFiles } from '../../report/files-text.js';
import { DiagnosticPrinter, openSource } from '../inputs/credentials.js';
import { exitStatus } from '../terminal/exit-status.js';
import { requireIgnoredPrivate } from '../inputs/exposure.js';
import { onInterrupt, untilAborted } from '../terminal/interrupt.js';
import type { ArgumentsOf, Command } from '../options/options.js';
import { profileFrom } from '../options/values.js';

/** Writes the collection, the environments and the iteration data. */
export const generate: Command<'generate'> = async (argv, terminal) => {
  const select = argv.all === true ? 'all' : (argv.device ?? 'first');
  // This command sends nothing, so the address of a development server may be http://.
  const profile = profileFrom({ ...argv, user: false }, true);
  const userProfile = argv.user === true ? profileFrom(argv, true) : undefined;
  const address = apiAddress(argv);
  if (
    [profile.tokenUrl, profile.ingestionUrl, ...(address === undefined ? [] : [address])].some((url) =>
      isInsecure(new URL(url)),
    )
  ) {
    terminal.noteWarning('an address is http:// beyond this machine; "run" refuses it without --insecure.');
  }
  const messageType = argv.messageType === undefined ? undefined : requireMessageType(argv.messageType);
  const templates = argv.templates === undefined ? undefined : await loadTemplates(argv.templates);
  await requireIgnoredPrivate('--out', argv.out, terminal);
  const api = argv.openapi === undefined ? undefined : await readApi(argv.openapi, address);
  const printer = new DiagnosticPrinter(terminal);
  const file =
    argv.source === undefined ? undefined : await openSource(argv.source, argv, printer.print, terminal);
  const interrupt = onInterrupt(terminal, 'The unfinished files are removed.');
  try {
    const devices =
      file && untilAborted(streamDevices(file, { onDiagnostic: printer.print }), interrupt.signal);
    const staged = await stageFiles(devices, {
      out: argv.out,
      source: file?.name ?? '',
      profile,
      select,
      secrets: argv.secrets,
      ...(templates && { templates }),
      ...(messageType !== undefined && { messageType }),
      ...(api && { api }),
      ...(userProfile && { userProfile }),
    });
    try {
      printer.requireNoErrors();
    } catch (error) {
      await staged.discard();
      throw error;
    }
    const files = await staged.commit({ force: argv.force === true });
    await terminal.result(formatFiles(argv.out, staged.deviceCount, files, terminal.paint));
    if (api) terminal.note(`${formatApi(api)}\n`);
    terminal.note(
      argv.secrets === 'vault'
        ? 'Import the collection and the shared environment into Postman, and add biotz-username and biotz-password to your vault (docs/vault.md).\n'
        : 'Import the collection and an environment into Postman, select the environment, and press Send.\n',
    );
    return exitStatus.ok;
  } finally {
    interrupt.release();
    await file?.close();
  }
};

/**
 * The address of the API's requests from the command line. Unlike the address in the document, it may be http://, for a
 * development server.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID, URL_INVALID
 */
function apiAddress({ apiUrl }: ArgumentsOf<'generate'>): string | undefined {
  if (apiUrl === undefined) return undefined;
  requireSafeUrl('--api-url', apiUrl, true);
  requireNoUser('--api-url', apiUrl);
  return apiUrl.replace(/\/+$/, '');
}

/** Loads the reader of API documents only if there is a document. */
async function readApi(file: string, address: string | undefined): Promise<ApiRequests> {
  const { readOpenApi } = await import('../../openapi/read-openapi.js');
  return readOpenApi(file, address === undefined ? {} : { address });
}
