import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import type { Argv, Options } from 'yargs';
import { BiotzPostmanError, isBiotzPostmanError } from '../errors/biotz-postman-error.js';
import { harmless } from '../text/harmless.js';
import { systemRefusal } from './errors.js';
import {
  refuseEmptyArguments,
  removeEmptyVariables,
  withOperands,
  withResumeValue,
} from './options/raw-arguments.js';
import { refuseUnsafeEnvironment } from './options/unsafe-environment.js';
import { requireFittingValues, usageError } from './options/usage-error.js';
import { declarations, groups, positionals } from './options/declarations.js';
import { requireRules, withRules } from './options/rules.js';
import {
  type ConfigFile,
  readConfigFile,
  type Values,
  valuesFromConfigFile,
  valuesFromEnvironment,
} from './options/config.js';
import { exitStatus, statusOf } from './terminal/exit-status.js';
import { Interrupted } from './terminal/interrupt.js';
import type { Io } from './io.js';
import { type CommandName, commandOptions, commonOptions } from './options/options.js';
import type { Terminal } from './terminal/terminal.js';
import { createTerminal } from './terminal/terminal.js';

const names = Object.keys(declarations) as CommandName[];
const words = new Set(names.flatMap((name) => name.split(' ')));
const knownOptions: ReadonlySet<string> = new Set(
  [...Object.values(commandOptions), commonOptions].flatMap((table) => Object.keys(table)),
);

/**
 * Runs the program: parses the command line, then loads and runs one command. Errors are caught here only.
 *
 * @param args the command line without the program's own name
 * @returns the exit status
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const status = await runCommand(args, io);
  // An interrupted run may also have failed, e.g. because its reports could not be written.
  const signal = io.signals.caught;
  return signal === undefined ? status : exitStatus.interrupted[signal];
}

async function runCommand(args: readonly string[], io: Io): Promise<number> {
  removeEmptyVariables(io.env);
  const terminal = createTerminal(io);
  let verbose = args.includes('--verbose');
  try {
    refuseEmptyArguments(args);
    const understood = withOperands(withResumeValue(args), words);
    const config = await readConfigFile(configOption(understood) ?? io.env['BIOTZ_CONFIG']);
    const chosen = parse(understood, config, io);
    if (typeof chosen === 'string') {
      await terminal.result(`${chosen}\n`);
      return exitStatus.ok;
    }
    verbose = chosen.verbose;
    refuseUnsafeEnvironment(io.env, chosen.insecure);
    return await chosen.run(terminal);
  } catch (thrown) {
    if (thrown instanceof Interrupted) return exitStatus.interrupted[thrown.signal];
    const error = systemRefusal(thrown) ?? thrown;
    report(error, terminal, verbose);
    return statusOf(error, terminal.hasSent);
  }
}

/** A valid command line. */
interface Chosen {
  readonly verbose: boolean;
  readonly insecure: boolean;
  run(terminal: Terminal): Promise<number>;
}

/** Returns the command to run, or the requested text: help, or the version. */
function parse(args: readonly string[], config: ConfigFile | undefined, io: Io): string | Chosen {
  let chosen: Chosen | undefined;
  let output = '';
  let matched: CommandName | undefined;
  const parser = yargs()
    // Otherwise LC_ALL and similar variables decide the language of yargs' texts.
    .detectLocale(false)
    .scriptName('biotz-postman')
    .usage(
      '$0 <command>\n\n' +
        'DEVICES is a credentials file (.csv, .tsv, .xlsx, any of them encrypted: .age), or - for standard input.',
    )
    .parserConfiguration({ 'greedy-arrays': false, 'dot-notation': false })
    .options(commonOptions)
    .version(version())
    .help()
    .strict()
    .demandCommand(1)
    .exitProcess(false)
    .fail((_message: string, error: unknown) => {
      throw error instanceof BiotzPostmanError ? error : refusal(parser, args, matched);
    })
    // Only a terminal has a width; other output is not wrapped.
    .wrap(Math.min(110, io.stdout.columns ?? 0))
    .epilogue(
      'Every option can also come from BIOTZ_<OPTION>, and many from a config file; the command line takes precedence.\n' +
        'Exit status: 0 success, 1 a device failed or a secret was found, 2 invalid input (nothing sent), 3 did not finish.',
    );
  const declaring: Declaring = {
    config,
    env: io.env,
    args,
    match: (name) => (matched = name),
    choose: (command) => (chosen = command),
  };
  for (const name of names) if (!name.includes(' ') && !(name in groups)) declare(parser, name, declaring);
  for (const [group, describe] of Object.entries(groups)) declareGroup(parser, group, describe, declaring);
  // With a callback, yargs passes help and version to it instead of printing them.
  parser.parseSync([...args], {}, (_error: unknown, _argv: unknown, text: string) => {
    output = text;
  });
  return chosen ?? output;
}

/** Input of a command's declaration, and its callbacks. */
interface Declaring {
  readonly config: ConfigFile | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
  readonly match: (name: CommandName) => void;
  readonly choose: (command: Chosen) => void;
}

/**
 * Declares commands of two words: for yargs, the second word is a command below the first. A group that is a command
 * itself takes any other second word as its argument, so that a file called `check` must be given as `./check`.
 */
function declareGroup(parser: Argv, group: string, describe: string, declaring: Declaring): void {
  parser.command(group, describe, (command) => {
    for (const name of names) if (`${name} `.startsWith(`${group} `)) declare(command, name, declaring);
    if (!names.some((name) => name === group)) command.demandCommand(1);
  });
}

function declare(parser: Argv, name: CommandName, declaring: Declaring): void {
  const { args, match, choose } = declaring;
  const { describe, takes, about, optional, load } = declarations[name];
  const options: Readonly<Record<string, Options>> = commandOptions[name];
  // In yargs, `$0` is the command that runs if no command below the group matches.
  const word = name in groups ? '$0' : (name.split(' ').at(-1) ?? name);
  const syntax = takes === undefined ? '' : positionals[takes].syntax;
  let fromConfigFile: Values = {};
  parser.command(
    takes === undefined ? word : `${word} ${optional ? `[${syntax}]` : `<${syntax}>`}`,
    describe,
    (command) => {
      if (takes !== undefined) {
        command.positional(takes, { type: 'string', describe: about ?? positionals[takes].about });
      }
      command.options(withRules(name, options));
      // Must happen inside the builder: only there does yargs know which command was matched.
      match(name);
      fromConfigFile = addOutsideValues(command, name, declaring);
    },
    (argv) => {
      requireFittingValues(args, argv, { ...options, ...commonOptions });
      // yargs reads a positional that is a lone dash as an empty string.
      const [source, file] = [argv['DEVICES'], argv['FILE']].map((path) => (path === '' ? '-' : path));
      // In a list of paths, yargs drops a lone dash altogether.
      const named = ((argv['PATHS'] ?? []) as readonly string[]).filter((path) => path !== '');
      const paths = args.includes('-') ? [...named, '-'] : named;
      requireRules(name, { ...argv, DEVICES: source, PATHS: paths }, options, fromConfigFile);
      choose({
        verbose: argv['verbose'] === true,
        insecure: argv['insecure'] === true,
        run: async (terminal) =>
          (await load())(
            {
              ...argv,
              source,
              paths,
              file,
              from: argv['FOLDER'],
              journals: argv['JOURNALS'],
              fromConfigFile,
            } as never,
            terminal,
          ),
      });
    },
  );
}

/** The reason why yargs refused the command line, derived from the values that it parsed. */
function refusal(parser: Argv, args: readonly string[], command: CommandName | undefined): BiotzPostmanError {
  const argv = parser.parsed === false ? { _: [] } : parser.parsed.argv;
  const { takes, optional } = command === undefined ? {} : declarations[command];
  return usageError({
    args,
    argv,
    command,
    options: { ...(command && commandOptions[command]), ...commonOptions },
    commands: names,
    knownOptions,
    missing:
      takes === undefined || optional === true || [argv[takes] ?? []].flat().length > 0
        ? undefined
        : positionals[takes].missing,
  });
}

/** @returns the values of the config file */
function addOutsideValues(parser: Argv, name: CommandName, { config, env }: Declaring): Values {
  const options: Readonly<Record<string, Options>> = { ...commandOptions[name], ...commonOptions };
  const environment = valuesFromEnvironment(options, env);
  // The first config object that has a key wins, and the command line wins over all.
  const fromConfigFile = valuesFromConfigFile(options, knownOptions, config);
  parser.config(environment).config(fromConfigFile);
  return fromConfigFile;
}

/** Must be known before yargs parses, because yargs parses the values of the config file as well. */
function configOption(args: readonly string[]): string | undefined {
  const at = args.findLastIndex((argument) => argument === '--config' || argument.startsWith('--config='));
  const argument = args[at];
  return argument === '--config' ? args[at + 1] : argument?.slice('--config='.length);
}

function report(error: unknown, terminal: Terminal, verbose: boolean): void {
  const { paintNotes, redactor } = terminal;
  const isOwn = isBiotzPostmanError(error);
  if (isOwn) terminal.noteError(error);
  else
    terminal.note(
      `${paintNotes.bad('error')}: this is a bug in biotz-postman. Please report it; --verbose shows where it happened.\n`,
    );
  if (verbose && error instanceof Error && error.stack !== undefined) {
    // The error of a library may contain a secret.
    const stack = isOwn ? redactor.redactOwn(error.stack) : redactor.redact(error.stack);
    terminal.note(`${stack.split('\n').map(harmless).join('\n')}\n`);
  }
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
