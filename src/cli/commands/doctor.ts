import { type Device, shownName } from '../../device/device.js';
import { resolveBySystem } from '../../doctor/check-name.js';
import { explainAnnouncement, verdictOf } from '../../doctor/diagnosis.js';
import { runChecks } from '../../doctor/run-checks.js';
import type { TokenRequestShape } from '../../platform/answers.js';
import { biotzProfile } from '../../platform/profile.js';
import { harmless } from '../../text/harmless.js';
import { doctorReport } from '../../doctor/doctor-report.js';
import { formatDoctor } from '../../doctor/doctor-text.js';
import type { Command, ArgumentsOf } from '../options/options.js';
import { connectionOptions, warnInsecure } from '../inputs/connections.js';
import { statusOfVerdict } from '../terminal/exit-status.js';
import { onInterrupt } from '../terminal/interrupt.js';
import { messageFrom, profileFrom } from '../options/values.js';
import { oneDevice } from '../inputs/one-device.js';
import { pasteableSettings } from '../inputs/pasteable-settings.js';
import type { Terminal } from '../terminal/terminal.js';

type Arguments = ArgumentsOf<'doctor'>;

/** Variables of a proxy that other programs read and this program ignores (docs/token.md). */
const foreignProxyVariables = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];

/** Finds out what a platform requires, and what is wrong. */
export const doctor: Command<'doctor'> = async (argv, terminal) => {
  const { source, payload, insecure = false } = argv;
  const body = argv.body === 'auto' ? undefined : argv.body;
  const profile = profileFrom({ ...argv, body }, insecure);
  const message = await messageFrom(argv.messageType, payload);
  const connection = await connectionOptions(argv, terminal.io.env);
  if (insecure) warnInsecure(terminal);

  const device = source === undefined ? undefined : await deviceFrom({ ...argv, source }, terminal);
  const interrupt = onInterrupt(
    terminal,
    'The current check is finished first. Interrupt again to stop at once.',
  );
  try {
    const diagnosis = await runChecks({
      profile,
      wanted: wantedShape({ ...argv, body }),
      connection,
      ignoredProxies: foreignProxyVariables.filter((name) => terminal.io.env[name] !== undefined),
      device,
      message,
      trackSecrets: (secrets) => terminal.redactor.trackSecrets(secrets),
      announce: (announcement) => terminal.note(`${harmless(explainAnnouncement(announcement))}\n`),
      signal: interrupt.signal,
      now: terminal.io.now,
      resolve: resolveBySystem,
    });
    const settings = diagnosis.settings && pasteableSettings(diagnosis.settings, argv);
    const report = doctorReport(diagnosis, profile, settings, terminal.redactor);
    if (argv.format === 'json') await terminal.json(report);
    else await terminal.result(formatDoctor(report, source, terminal.paint));
    return statusOfVerdict[verdictOf(diagnosis.findings)];
  } finally {
    interrupt.release();
  }
};

/** The device to log in. From here on, no output contains its password. */
async function deviceFrom(
  argv: Arguments & { readonly source: string },
  terminal: Terminal,
): Promise<Device> {
  const device = await oneDevice(argv, terminal, 'take the first');
  terminal.redactor.trackSecrets([device.password.reveal()]);
  return { ...device, name: shownName(device) };
}

/** If only one of the two options is given, the other one has its usual value. */
function wantedShape({
  body,
  clientAuth,
}: Pick<Arguments, 'clientAuth'> & { readonly body: 'formdata' | 'urlencoded' | undefined }):
  TokenRequestShape | undefined {
  if (body === undefined && clientAuth === undefined) return undefined;
  return { bodyMode: body ?? biotzProfile.bodyMode, clientAuth: clientAuth ?? biotzProfile.clientAuth };
}
