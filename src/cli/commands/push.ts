import { invalidOption } from '../../errors/option-error.js';
import { errorCode } from '../../errors/error-code.js';
import { isBiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { harmless } from '../../text/harmless.js';
import { formatOutcomes, formatPlan, pushDocument } from '../../workspace/push-text.js';
import { type Plan, planPush, type Step } from '../../workspace/plan.js';
import { type Outcome, push as pushPlan } from '../../workspace/push.js';
import type { Command, ArgumentsOf } from '../options/options.js';
import { canAsk, confirmed } from '../terminal/prompt.js';
import { exitStatus } from '../terminal/exit-status.js';
import { type Interrupt, onInterrupt } from '../terminal/interrupt.js';
import { type OpenedApi, openPostmanApi } from '../inputs/postman-api.js';
import { readSources } from '../inputs/push-sources.js';
import type { Terminal } from '../terminal/terminal.js';

type Arguments = ArgumentsOf<'push'>;

/** Creates or updates the collection and the shared environments in a Postman workspace. */
export const push: Command<'push'> = async (argv, terminal) => {
  const workspace = workspaceOf(argv);
  requireAnswer(argv, terminal);
  const sources = await readSources(argv);
  const interrupt = onInterrupt(
    terminal,
    'The current write is finished first. Interrupt again to stop at once.',
  );
  let opened: OpenedApi | undefined;
  try {
    opened = await openPostmanApi(argv, terminal.io.env, terminal, interrupt.signal);
    const plan = await planPush(opened.api, { workspace, sources, force: argv.force === true });
    return await carryOut(plan, opened, argv, terminal, interrupt);
  } catch (error) {
    const isEnd = error === interrupt.signal.reason || errorCode(error) === 'ABORT_ERR';
    if (interrupt.caught === undefined || !isEnd) throw error;
    terminal.note('Nothing was written.\n');
    return exitStatus.interrupted[interrupt.caught];
  } finally {
    interrupt.release();
    await opened?.close();
  }
};

/** Shows the plan, asks, writes, and shows the outcome. */
async function carryOut(
  plan: Plan,
  { api, address }: OpenedApi,
  argv: Arguments,
  terminal: Terminal,
  interrupt: Interrupt,
): Promise<number> {
  const isJson = argv.format === 'json';
  const isIdle = plan.steps.every(({ action }) => action === 'none');
  // A dry run has the plan as its result.
  if (argv.dryRun === true) {
    if (isJson) await printJson(plan, undefined, terminal);
    else await terminal.result(formatPlan(plan, address, terminal.paint));
    terminal.note(
      isIdle ? 'Everything is up to date.\n' : 'Nothing was written. Run it without --dry-run to write.\n',
    );
    return exitStatus.ok;
  }
  terminal.note(formatPlan(plan, address, terminal.paintNotes));
  const question = `Write this to the workspace "${harmless(plan.workspace.name)}"?`;
  const answer = isIdle || argv.yes === true || (await confirmed(question, terminal, interrupt.signal));
  if (answer !== true) {
    terminal.note('Nothing was written.\n');
    return answer === false ? exitStatus.notCompleted : exitStatus.interrupted[interrupt.caught ?? 'SIGINT'];
  }
  const outcomes = await pushPlan(api, plan, interrupt.signal);
  const link = (step: Step, uid: string) => linkTo(step, uid, plan, address);
  if (isJson) await printJson(plan, outcomes, terminal);
  else await terminal.result(formatOutcomes(outcomes, link));
  if (isIdle) terminal.note('Everything was up to date; nothing was written.\n');
  return statusFor(outcomes, terminal, interrupt);
}

/** @throws {BiotzPostmanError} OPTION_INVALID */
function workspaceOf({ workspace = '' }: Arguments): string {
  if (/^[\w-]+$/.test(workspace)) return workspace;
  throw invalidOption(
    '--workspace',
    workspace === '' ? 'is missing' : 'is not the id of a workspace',
    'Copy the id from the address of the workspace in Postman, or set BIOTZ_WORKSPACE. Without an id, Postman would use your oldest personal workspace.',
  );
}

/** @throws {BiotzPostmanError} OPTION_INVALID if there is no terminal to ask on */
function requireAnswer({ yes, dryRun }: Arguments, terminal: Terminal): void {
  if (yes === true || dryRun === true || canAsk(terminal)) return;
  throw invalidOption(
    '--yes',
    'is needed without a terminal to ask on',
    'Show the changes with --dry-run, then add --yes.',
  );
}

async function printJson(
  plan: Plan,
  outcomes: readonly Outcome[] | undefined,
  terminal: Terminal,
): Promise<void> {
  const document = pushDocument(plan, outcomes, (error) =>
    isBiotzPostmanError(error) ? { code: error.code, message: error.message } : undefined,
  );
  await terminal.json(terminal.redactor.redactFields(document));
}

/** Address of a collection in Postman. No such address is known for the EU and for environments. */
function linkTo({ source }: Step, uid: string, { workspace }: Plan, address: string): string | undefined {
  if (address !== 'https://api.postman.com' || source.resource.kind !== 'collection') return undefined;
  return `https://go.postman.co/workspace/${workspace.id}/collection/${uid}`;
}

function statusFor(outcomes: readonly Outcome[], terminal: Terminal, { caught, signal }: Interrupt): number {
  for (const outcome of outcomes) {
    if (outcome.state !== 'failed') continue;
    const { error } = outcome;
    if (isBiotzPostmanError(error)) {
      terminal.noteError(error);
    } else if (!signal.aborted) throw error;
  }
  const isDone = outcomes.every(({ state }) => state !== 'failed' && state !== 'not-attempted');
  if (!isDone)
    terminal.note('Run the command again to continue; the push finds what it has already written.\n');
  if (caught !== undefined) return exitStatus.interrupted[caught];
  return isDone ? exitStatus.ok : exitStatus.notCompleted;
}
