import { tokenError } from '../../token/errors.js';
import type { Device } from '../../device/device.js';
import { readShard } from '../../fleet/shard.js';
import type { Profile } from '../../platform/profile.js';
import { formatFailure } from '../../report/summary-text.js';
import type { DeviceResult } from '../../result/device-result.js';
import { RunSummary } from '../../result/summary.js';
import { formatToken, tokenCalled } from '../../token/format-token.js';
import { MOST_CONCURRENT_LOGINS } from '../../token/engine.js';
import type { Login, TokenSet } from '../../token/engine.js';
import { takeCensus } from '../../fleet/census.js';
import { logInDevice, tokenLane } from '../../runs/lanes.js';
import type { Command, ArgumentsOf } from '../options/options.js';
import { DiagnosticPrinter, nameOf, openSource } from '../inputs/credentials.js';
import { exitStatus, statusOfRun } from '../terminal/exit-status.js';
import { requireIgnored } from '../inputs/exposure.js';
import { fleetOptions, reportersFrom, readResume } from '../options/fleet-arguments.js';
import { onInterrupt } from '../terminal/interrupt.js';
import { oneDevice, oneUser } from '../inputs/one-device.js';
import { runOnTerminal } from '../terminal/run-on-terminal.js';
import type { Terminal } from '../terminal/terminal.js';
import { TokenFile } from '../inputs/token-file.js';
import { openLogins, tokenProfile, WarningCounter } from '../inputs/token-lane.js';
import { warnInsecure } from '../inputs/connections.js';

type Arguments = ArgumentsOf<'token'>;

/** Asks the token endpoint itself, without Newman: for one device's tokens, or whether every device can log in. */
export const token: Command<'token'> = async (argv, terminal) => {
  // Every mistake on the command line must be reported before the file is read.
  tokenProfile(argv);
  fleetOptions(argv, { most: MOST_CONCURRENT_LOGINS });
  if (argv.insecure === true) warnInsecure(terminal);
  return argv.all === true ? wholeFleet(argv, terminal) : single(argv, terminal);
};

/** Prints one device's token to standard output, and nothing else. */
async function single(argv: Arguments, terminal: Terminal): Promise<number> {
  const device =
    argv.username === undefined
      ? await oneDevice({ ...argv, source: argv.source ?? '' }, terminal)
      : await oneUser(argv.username, terminal);
  const { engine, profile } = await openLogins(argv, 1, terminal);
  const interrupt = onInterrupt(
    terminal,
    'The login in flight is finished first. Interrupt again to stop at once.',
  );
  const warnings = new WarningCounter();
  let tokens: TokenSet | undefined;
  let result: DeviceResult | undefined;
  try {
    result = await logInDevice(device, engine, terminal.redactor, {
      ...fleetOptions(argv, { devices: 1, most: MOST_CONCURRENT_LOGINS }),
      signal: interrupt.signal,
      onLogin: (_device, login) => {
        tokens = login.tokens;
        warnings.add(login.warnings);
      },
    });
  } finally {
    interrupt.release();
  }
  if (interrupt.caught !== undefined) return exitStatus.interrupted[interrupt.caught];
  warnings.print(terminal);
  if (result?.status === 'failed') {
    terminal.note(formatFailure(result, nameOf(argv.source ?? ''), terminal.paintNotes));
    const summary = new RunSummary();
    summary.add(result);
    return statusOfRun(summary, { counts: summary.counts({ read: 1, skipped: 0 }), end: 'completed' });
  }
  return printToken(argv, device, tokens, profile, terminal);
}

/** @throws {BiotzPostmanError} TOKEN_MISSING if the server did not give the requested token */
async function printToken(
  { token: name, format }: Arguments,
  device: Device,
  tokens: TokenSet | undefined,
  profile: Profile,
  terminal: Terminal,
): Promise<number> {
  const value = tokens && tokenCalled(name, tokens);
  if (tokens === undefined || value === undefined)
    throw tokenError('TOKEN_MISSING', { token: `${name}_token` });
  await terminal.secret(formatToken(format, { name, value }, { device, tokens, profile }));
  return exitStatus.ok;
}

/** Logs in every device, with a journal and reports as `run` has them. */
async function wholeFleet(argv: Arguments, terminal: Terminal): Promise<number> {
  const shard = readShard(argv.shard, argv.shards, terminal.io.env);
  const resume = readResume(argv.resume);
  const { cli: summary, files: reporters } = reportersFrom(argv.reporters);
  if (argv.out !== undefined) await requireIgnored('--out', argv.out, terminal);
  const printer = new DiagnosticPrinter(terminal);
  const file = await openSource(argv.source ?? '', argv, printer.print, terminal);
  const warnings = new WarningCounter();
  let out: TokenFile | undefined;
  try {
    const reading = takeCensus(file, { onDiagnostic: printer.print, shard });
    const census = await reading.finally(() => printer.finish());
    const { devices } = census.part.share;
    const sending = fleetOptions(argv, { devices, most: MOST_CONCURRENT_LOGINS });
    const openLane = async () => {
      if (argv.out !== undefined) out = await TokenFile.create(argv.out);
      const { concurrency } = sending;
      const connections = typeof concurrency === 'number' ? concurrency : MOST_CONCURRENT_LOGINS;
      const { engine, profile } = await openLogins(argv, connections, terminal);
      const onLogin = (device: Device, login: Login) => {
        warnings.add(login.warnings);
        if (login.tokens !== undefined) out?.add(device, login.tokens);
      };
      return tokenLane(engine, profile, { ...sending, verify: argv.verify, onLogin });
    };
    const shown = { summary, quiet: argv.quiet === true, verbose: argv.verbose === true };
    const onBreakOff = async () => out?.discard();
    const run = { folder: argv.reportDir, reporters, resume, openLane, onBreakOff, ...shown };
    const status = await runOnTerminal(census, run, terminal);
    warnings.print(terminal);
    await out?.commit();
    return status;
  } finally {
    await out?.discard();
    await file.close();
  }
}
