import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import type { Argv, Options } from 'yargs';
import { BiotzPostmanError, isBiotzPostmanError } from '../errors.js';
import { harmless } from '../prose/harmless.js';
import { refuseUnsafeEnvironment } from './unsafe-environment.js';
import { usageError } from './usage-error.js';
import { valuesFromConfigFile, valuesFromEnvironment } from './config.js';
import { exitStatus, statusOf } from './exit-status.js';
import type { CommandName } from './options.js';
import { commandOptions, commonOptions } from './options.js';
import type { Terminal } from './terminal.js';
import { createTerminal } from './terminal.js';

interface Declaration {
  readonly describe: string;
  /** Whether the command takes a credentials file. */
  readonly devices: boolean;
  /** Loads the command's code. Nothing heavy may be loaded before it is known which command runs. */
  readonly load: () => Promise<(argv: never, terminal: Terminal) => Promise<number>>;
}

const declarations: { readonly [C in CommandName]: Declaration } = {
  demo: {
    describe: 'Show everything on an embedded platform: no account, no network',
    devices: false,
    load: async () => (await import('./commands/demo.js')).demo,
  },
  generate: {
    describe: 'Write the Postman collection, environments and iteration data',
    devices: true,
    load: async () => (await import('./commands/generate.js')).generate,
  },
  check: {
    describe: 'Validate a credentials file; sends nothing',
    devices: true,
    load: async () => (await import('./commands/check.js')).check,
  },
  run: {
    describe: 'Send every device through the collection in Newman',
    devices: true,
    load: async () => (await import('./commands/run.js')).run,
  },
  serve: {
    describe: 'Start the embedded platform and keep it until stopped',
    devices: false,
    load: async () => (await import('./commands/serve.js')).serve,
  },
};

const names = Object.keys(declarations) as CommandName[];

/**
 * Runs the program: parse first, then load and run one command, with one place that catches.
 *
 * @param args the command line without the program's own name
 * @returns the exit status
 */
export async function run(args: readonly string[]): Promise<number> {
  const terminal = createTerminal();
  let verbose = args.includes('--verbose');
  try {
    const chosen = parse(args);
    if (typeof chosen === 'string') {
      await terminal.result(`${chosen}\n`);
      return exitStatus.ok;
    }
    verbose = chosen.verbose;
    refuseUnsafeEnvironment(process.env, chosen.insecure);
    return await chosen.run(terminal);
  } catch (error) {
    report(error, terminal, verbose);
    return statusOf(error);
  }
}

/** A command line that was understood. */
interface Chosen {
  readonly verbose: boolean;
  readonly insecure: boolean;
  run(terminal: Terminal): Promise<number>;
}

/** Gives the command to run, or the text that was asked for: help, or the version. */
function parse(args: readonly string[]): string | Chosen {
  let chosen: Chosen | undefined;
  let output = '';
  const parser = yargs()
    .scriptName('biotz-postman')
    .usage('$0 <command>\n\nDEVICES is a credentials file (.csv, .tsv, .xlsx), or - for standard input.')
    .parserConfiguration({ 'greedy-arrays': false })
    .options(commonOptions)
    .version(version())
    .help()
    .strict()
    .demandCommand(1, 'Name a command.')
    .exitProcess(false)
    .fail((message: string, error: unknown) => {
      throw error instanceof BiotzPostmanError ? error : usageError(message, args, names);
    })
    .wrap(Math.min(110, yargs().terminalWidth()))
    .epilogue(
      'Every option can also come from BIOTZ_<OPTION>, and many from a config file; the command line wins.\n' +
        'Exit status: 0 all well, 1 some device failed, 2 wrong input (nothing sent), 3 not completed.',
    );
  for (const name of names) declare(parser, name, args, (command) => (chosen = command));
  // With a callback, yargs hands help and version over instead of printing them.
  parser.parseSync([...args], {}, (_error: unknown, _argv: unknown, text: string) => {
    output = text;
  });
  return chosen ?? output;
}

function declare(
  parser: Argv,
  name: CommandName,
  args: readonly string[],
  choose: (command: Chosen) => void,
): void {
  const { describe, devices, load } = declarations[name];
  const options: Readonly<Record<string, Options>> = commandOptions[name];
  parser.command(
    devices ? `${name} <DEVICES>` : name,
    describe,
    (command) => {
      const about = 'A credentials file, or - for standard input';
      if (devices) command.positional('DEVICES', { type: 'string', describe: about });
      command.options(options);
      // Here, because only yargs knows which word is the command.
      addOutsideValues(command, name, args);
    },
    (argv) => {
      requireSingleValues(argv, options);
      // yargs reads a positional that is a lone dash as an empty one.
      const source = argv['DEVICES'] === '' ? '-' : argv['DEVICES'];
      choose({
        verbose: argv['verbose'] === true,
        insecure: argv['insecure'] === true,
        run: async (terminal) => (await load())({ ...argv, source } as never, terminal),
      });
    },
  );
}

function addOutsideValues(parser: Argv, name: CommandName, args: readonly string[]): void {
  const options: Readonly<Record<string, Options>> = { ...commandOptions[name], ...commonOptions };
  const known = new Set(
    [...Object.values(commandOptions), commonOptions].flatMap((table) => Object.keys(table)),
  );
  const environment = valuesFromEnvironment(options, process.env);
  const config = configOption(args) ?? (environment['config'] as string | undefined);
  // The first config object that has a key wins, and the command line wins over all.
  parser.config(environment).config(valuesFromConfigFile(options, known, config));
}

/** The config file has to be known before yargs parses, because its values are part of what is parsed. */
function configOption(args: readonly string[]): string | undefined {
  const at = args.findLastIndex((argument) => argument === '--config' || argument.startsWith('--config='));
  const argument = args[at];
  return argument === '--config' ? args[at + 1] : argument?.slice('--config='.length);
}

/** yargs makes an array of an option that is given twice; which of the two was meant is not for us to guess. */
function requireSingleValues(
  argv: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, Options>>,
): void {
  for (const [key, option] of Object.entries(options)) {
    if (option.array !== true && Array.isArray(argv[key])) {
      throw new BiotzPostmanError('OPTION_INVALID', {
        option: `--${key}`,
        problem: 'was given more than once',
      });
    }
    if (option.type === 'number' && Number.isNaN(argv[key])) {
      throw new BiotzPostmanError('OPTION_INVALID', { option: `--${key}`, problem: 'must be a number' });
    }
  }
}

function report(error: unknown, terminal: Terminal, verbose: boolean): void {
  const { bad } = terminal.paintNotes;
  if (isBiotzPostmanError(error))
    terminal.note(`${bad('error')}: ${harmless(error.message)} [${error.code}]\n`);
  else
    terminal.note(
      `${bad('error')}: this is a defect of biotz-postman, please report it; --verbose shows where it happened.\n`,
    );
  if (verbose && error instanceof Error && error.stack !== undefined) {
    terminal.note(`${error.stack.split('\n').map(harmless).join('\n')}\n`);
  }
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
