import { invalidOption } from '../../errors/option-error.js';
import type { Options } from 'yargs';
import { editDistance } from '../../device/edit-distance.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';

/** A command line that yargs refused. */
export interface RefusedCommandLine {
  readonly args: readonly string[];
  /** The values that yargs parsed from `args`, the environment and the config file before it refused them. */
  readonly argv: Readonly<Record<string, unknown>>;
  /** The command that was matched, if any. */
  readonly command: string | undefined;
  /** Every option of that command. */
  readonly options: Readonly<Record<string, Options>>;
  /** Names of all commands, of one word or two. */
  readonly commands: readonly string[];
  /** Names of the options of all commands. */
  readonly knownOptions: ReadonlySet<string>;
  /** The problem if the command's argument is missing; `undefined` if it was given or may be missing. */
  readonly missing: string | undefined;
}

/**
 * Describes what is wrong with a command line. yargs' own message is never used: it repeats values, any of which may be
 * a password, and it depends on the language. Only words that this program knows are repeated.
 */
export function usageError(refused: RefusedCommandLine): BiotzPostmanError {
  const problems = [unknownCommand, unknownOption, missingValue, wrongChoice, missingArgument];
  for (const find of problems) {
    const error = find(refused);
    if (error !== undefined) return error;
  }
  return invalidOption('The command line', 'has one argument too many');
}

type Finding = BiotzPostmanError | undefined;

function unknownCommand({ argv, command, commands }: RefusedCommandLine): Finding {
  if (command !== undefined) return undefined;
  const [first, second] = (argv['_'] as readonly unknown[]).map(String);
  const all = `The commands are ${commands.join(', ')}.`;
  if (first === undefined) return invalidOption('The command line', 'has no command', all);
  const group = commands.filter((name) => name.startsWith(`${first} `));
  if (group.length === 0) return invalidOption('The first argument', 'is not a command', all);
  const problem = second === undefined ? 'is only the first word of a command' : 'has no such command';
  return invalidOption(`"${first}"`, problem, `Its commands are ${group.join(', ')}.`);
}

/** Flags that take a secret in other programs. */
const secretFlags = /^--?(p|pass|passwd|password|passphrase|secret|client-?secret|token|api-?key)$/i;

function unknownOption({ args, options, knownOptions }: RefusedCommandLine): Finding {
  const typed = args
    .find((argument) => /^-[^\d]/.test(argument) && !isOption(nameOf(argument), options))
    ?.replace(/=.*$/s, '');
  if (typed === undefined) return undefined;
  if (secretFlags.test(typed)) {
    const next = /key/i.test(typed)
      ? 'Set POSTMAN_API_KEY in the environment.'
      : 'Passwords are read from the credentials file.';
    return invalidOption(typed, 'is not an option, and no secret is ever taken from an argument', next);
  }
  const name = nameOf(typed);
  if (knownOptions.has(name)) return invalidOption(`--${name}`, 'is not an option of this command');
  const similar = Object.keys(options).find(
    (known) => editDistance(name, known, 2) <= Math.min(2, known.length / 3),
  );
  return similar === undefined
    ? invalidOption('An argument', 'begins with a dash, but is not an option of this command')
    : invalidOption(`--${name}`, 'is not an option of this command', `Use --${similar}.`);
}

function missingValue({ args, options }: RefusedCommandLine): Finding {
  const flag = args.find(
    (argument, at) =>
      options[nameOf(argument)]?.requiresArg === true &&
      /^--[^=]+$/.test(argument) &&
      /^-./.test(args[at + 1] ?? '--'),
  );
  return flag === undefined ? undefined : invalidOption(`--${nameOf(flag)}`, 'needs a value');
}

function wrongChoice({ args, argv, options }: RefusedCommandLine): Finding {
  for (const [name, { choices }] of Object.entries(options)) {
    const given = [argv[name] ?? []].flat();
    if (choices === undefined || given.every((value) => choices.includes(value as string))) continue;
    const variable = `BIOTZ_${name.toUpperCase().replaceAll('-', '_')}`;
    const isArgument = args.some((argument) => argument.startsWith('-') && nameOf(argument) === name);
    return invalidOption(
      isArgument ? `--${name}` : `${variable}, or "${name}" in the config file,`,
      `must be one of ${choices.map((choice) => `"${String(choice)}"`).join(', ')}`,
    );
  }
  return undefined;
}

function missingArgument({ missing }: RefusedCommandLine): Finding {
  return missing === undefined ? undefined : invalidOption('The command line', missing);
}

/**
 * Refuses values that yargs accepts: it makes an array of an option that is given twice, and false of `--no-out` and of
 * `--dry-run=yes`.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function requireFittingValues(
  args: readonly string[],
  argv: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, Options>>,
): void {
  for (const argument of args) {
    const name = nameOf(argument);
    const option = argument.startsWith('--') ? options[name] : undefined;
    if (option === undefined) continue;
    const isSwitch = option.type === 'boolean';
    if (isSwitch && /=(?!(?:true|false)$)/s.test(argument))
      throw invalidOption(`--${name}`, 'is a switch: it takes no value except true or false');
    if (!isSwitch && argument.startsWith('--no-')) throw invalidOption(`--${name}`, 'needs a value');
  }
  for (const [name, { array, type }] of Object.entries(options)) {
    if (array !== true && Array.isArray(argv[name]))
      throw invalidOption(`--${name}`, 'was given more than once');
    if (type === 'number' && Number.isNaN(argv[name])) throw invalidOption(`--${name}`, 'must be a number');
  }
}

/** The name of an option in the table: yargs accepts `--tokenUrl` and `--no-verify` as well. */
function nameOf(argument: string): string {
  const name = argument
    .replace(/^--?|=.*$/gs, '')
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return name.replace(/^no-/, '');
}

const isOption = (name: string, options: Readonly<Record<string, Options>>) =>
  Object.hasOwn(options, name) || name === 'help' || name === 'version';
