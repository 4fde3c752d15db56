import { invalidOption } from '../../errors/option-error.js';
import { readShard } from '../../fleet/shard.js';
import { proxyFor, proxySettings } from '../../http/proxy.js';
import { requireMessageType } from '../../platform/message-type.js';
import { createEnvironment } from '../../postman/environment.js';
import { environmentValues, overrideValues, profileVariables } from '../../postman/environment-values.js';
import { GET_TOKEN, PUBLISH_DATA } from '../../platform/request-names.js';
import { loadTemplates } from '../../postman/templates.js';
import type { BodyMode } from '../../platform/profile.js';
import { biotzProfile } from '../../platform/profile.js';
import type { RunOptions, RunPlan } from '../../newman/plan.js';
import { createRunPlan, LONGEST_TIMEOUT_MS } from '../../newman/plan.js';
import { MOST_CONCURRENCY } from '../../newman/run-devices.js';
import { takeCensus } from '../../fleet/census.js';
import { newmanLane } from '../../runs/lanes.js';
import { DiagnosticPrinter, openSource } from '../inputs/credentials.js';
import { requireIgnoredPrivate } from '../inputs/exposure.js';
import { connectionsFor, probedProfile, warnInsecure } from '../inputs/connections.js';
import { fleetOptions, reportersFrom, readResume } from '../options/fleet-arguments.js';
import { messageFrom, wholeNumber, chosenProfile } from '../options/values.js';
import { makePrivate, newmanReporters, requireNewmanReporters } from '../options/newman-reporters.js';
import type { ArgumentsOf, Command } from '../options/options.js';
import { readPostmanFile } from '../inputs/postman-file.js';
import type { Terminal } from '../terminal/terminal.js';
import { runOnTerminal } from '../terminal/run-on-terminal.js';

const milliseconds = { min: 1, max: LONGEST_TIMEOUT_MS };

/** Sends every created device through the collection in Newman. */
export const run: Command<'run'> = async (argv, terminal) => {
  // Every mistake on the command line must be reported before the file is read.
  const isUnused = hasUnusedMessageType(argv);
  if (isUnused) terminal.note('Nothing is published, because there is no --payload.\n');
  const { body, ...given } = isUnused ? { ...argv, messageType: undefined } : argv;
  const asked = body === 'auto';
  const known = { ...given, body: asked ? undefined : body };
  const options = { ...(await runOptionsFrom(known)), processEnvironment: terminal.io.env };
  const plan = await createRunPlan(options, argv);
  for (const address of plan.addresses) proxyFor(new URL(address), proxySettings(terminal.io.env));
  const shard = readShard(argv.shard, argv.shards, terminal.io.env);
  const resume = readResume(argv.resume);
  const { cli: summary, files: reporters } = reportersFrom(argv.reporters);
  const folder = argv.reportDir;
  fleetOptions(argv, { most: MOST_CONCURRENCY });
  const newman = (argv.newmanReporter ?? []).flatMap((names) => names.split(','));
  requireNewmanReporters(newman);
  if (newman.length > 0) await requireIgnoredPrivate('--report-dir', folder, terminal);
  if (argv.insecure === true) warnInsecure(terminal);
  const printer = new DiagnosticPrinter(terminal);
  const file = await openSource(argv.source, argv, printer.print, terminal);
  try {
    const reading = takeCensus(file, { onDiagnostic: printer.print, shard });
    const census = await reading.finally(() => printer.finish());
    const { devices } = census.part.share;
    const sending = fleetOptions(argv, { devices, most: MOST_CONCURRENCY });
    const openLane = async () => {
      const sent = asked ? await createRunPlan(await probed(options, known, plan, terminal), argv) : plan;
      if (newman.length === 0) return newmanLane(sent, sending);
      const own = await newmanReporters(newman, devices, folder, terminal);
      return { ...newmanLane({ ...sent, reporters: own }, sending), close: () => makePrivate(own) };
    };
    const shown = { summary, quiet: argv.quiet === true, verbose: argv.verbose === true };
    return await runOnTerminal(census, { folder, reporters, resume, openLane, ...shown }, terminal);
  } finally {
    await file.close();
  }
};

/** The arguments, once it is known what is asked of the server. */
type Known = Omit<ArgumentsOf<'run'>, 'body'> & { readonly body: BodyMode | undefined };

/** The options with the body and client authentication that the server reads, which is asked for them. */
async function probed(
  options: RunOptions,
  argv: Known,
  { tokenUrl, environment }: RunPlan,
  terminal: Terminal,
): Promise<RunOptions> {
  const variables = environmentValues(environment);
  const connections = await connectionsFor({ tokenUrl }, argv, 1, terminal);
  try {
    const { bodyMode, clientAuth } = await probedProfile(
      {
        ...biotzProfile,
        tokenUrl,
        clientId: variables.get('client_id') ?? biotzProfile.clientId,
        scope: variables.get('scope') ?? biotzProfile.scope,
      },
      connections,
      terminal,
    );
    // No file is read again: whatever is wrong with it now would be said after something was sent.
    return {
      ...options,
      environment: overrideValues(environment, profileVariables({ bodyMode, clientAuth })),
    };
  } finally {
    await connections.close();
  }
}

/** @throws {BiotzPostmanError} for each option that cannot be used */
async function runOptionsFrom(argv: Known): Promise<RunOptions> {
  const collection =
    argv.collection === undefined ? undefined : await readPostmanFile(argv.collection, 'COLLECTION_INVALID');
  const publish = collection === undefined ? await messageFrom(argv.messageType, argv.payload) : undefined;
  if (collection === undefined) requirePublishable(argv.folder ?? [], publish !== undefined);
  return {
    environment: await environmentFrom(argv),
    timeoutRequestMs: wholeNumber('--timeout-request', argv.timeoutRequest, milliseconds),
    timeoutScriptMs: wholeNumber('--timeout-script', argv.timeoutScript, milliseconds),
    insecure: argv.insecure === true,
    ...(publish && { publish }),
    ...(collection && { collection }),
    ...(argv.templates !== undefined && { templates: await loadTemplates(argv.templates) }),
    ...(argv.folder && { requests: argv.folder }),
  };
}

/** A message type of the config file is only a default for messages: a run without one logs devices in. */
const hasUnusedMessageType = ({ collection, messageType, payload, fromConfigFile }: ArgumentsOf<'run'>) =>
  collection === undefined &&
  payload === undefined &&
  messageType !== undefined &&
  messageType === fromConfigFile['message-type'];

/** @throws {BiotzPostmanError} OPTION_INVALID where the chosen requests could not pass */
function requirePublishable(folders: readonly string[], hasMessage: boolean): void {
  if (!folders.includes(PUBLISH_DATA)) return;
  const option = `--folder "${PUBLISH_DATA}"`;
  if (!hasMessage) throw invalidOption(option, 'needs --message-type and --payload');
  if (folders.indexOf(GET_TOKEN) === -1 || folders.indexOf(GET_TOKEN) > folders.indexOf(PUBLISH_DATA)) {
    const problem = `needs --folder "${GET_TOKEN}" before it, because publishing takes a token`;
    throw invalidOption(option, problem);
  }
}

/** The environment file, or the Biotz platform's values; what the command line says counts over both. */
async function environmentFrom(argv: Known): Promise<object> {
  const base =
    argv.environment === undefined
      ? createEnvironment()
      : await readPostmanFile(argv.environment, 'ENVIRONMENT_INVALID');
  const overrides = {
    ...profileVariables(chosenProfile(argv)),
    ...(argv.messageType !== undefined && { message_type: requireMessageType(argv.messageType) }),
    ...variablesFrom(argv.envVar ?? []),
  };
  return overrideValues(base, overrides, argv.environment);
}

function variablesFrom(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw invalidOption('--env-var', 'must be KEY=VALUE');
      const key = pair.slice(0, at);
      if (/^(password|\w*_token|\w*secret)$/i.test(key)) {
        const problem = 'may not set a password, token or secret: none is ever taken from an argument';
        throw invalidOption('--env-var', problem);
      }
      return [key, pair.slice(at + 1)];
    }),
  );
}
