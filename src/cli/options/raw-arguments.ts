import { invalidOption } from '../../errors/option-error.js';

// Changes to the command line and the environment before yargs parses them.

/** A password or passphrase may consist of spaces. */
const secrets = new Set(['BIOTZ_PASSWORD', 'BIOTZ_AGE_PASSPHRASE', 'BIOTZ_KEY_PASSPHRASE']);

/** git and the programs that it starts read these variables: an empty GIT_CONFIG_GLOBAL means no file at all. */
const isForGit = /^(?:GIT|SSH|GCM)_/i;

/**
 * Removes empty variables, so that an empty variable is an unset one for every reader: this program, its threads and
 * its libraries. CI systems pass unset variables as empty ones. Our own variables count as empty if they contain only
 * whitespace.
 *
 * @param environment is changed
 */
export function removeEmptyVariables(environment: NodeJS.ProcessEnv): void {
  for (const [name, value = ''] of Object.entries(environment)) {
    const isOurs = /^(?:BIOTZ|POSTMAN)_/i.test(name) && !secrets.has(name.toUpperCase());
    if ((isOurs ? value.trim() : value) === '' && !isForGit.test(name)) delete environment[name];
  }
}

/**
 * Refuses empty arguments. An empty argument comes from an unset variable of a script: it must not stand for standard
 * input, or for a value.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function refuseEmptyArguments(args: readonly string[]): void {
  const at = args.findIndex((argument) => argument.trim() === '' || /^--[\w-]+=\s*$/.test(argument));
  if (at === -1) return;
  const next = 'Set the variable that it comes from, or omit the argument.';
  throw invalidOption(`Argument ${at + 1}`, 'is empty', next);
}

/**
 * Takes the arguments after a lone `--` for files, whatever they look like. yargs would drop them. All commands take
 * only files and folders there, so a prefix `./` marks them as such.
 *
 * @param words command names
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap12.html#tag_12_02 guideline 10
 */
export function withOperands(args: readonly string[], words: ReadonlySet<string>): string[] {
  const end = args.indexOf('--');
  if (end === -1) return [...args];
  const asFile = (operand: string) => (/^-./.test(operand) || words.has(operand) ? `./${operand}` : operand);
  return [...args.slice(0, end), ...args.slice(end + 1).map(asFile)];
}

/**
 * Gives `--resume` its value before yargs parses, because yargs would take the credentials file after it for the value.
 *
 * @param args the command line
 */
export function withResumeValue(args: readonly string[]): string[] {
  return args.flatMap((argument, at) => {
    if (argument === '--resume') return args[at + 1] === 'failed' ? ['--resume=failed'] : ['--resume=rest'];
    return argument === 'failed' && args[at - 1] === '--resume' ? [] : [argument];
  });
}
