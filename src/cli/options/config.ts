import { optionError } from '../../errors/option-error.js';
import { cliError } from '../errors.js';
import type { Options } from 'yargs';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { describeProblem } from '../../files/file-problem.js';
import { readJson } from '../../files/read-file.js';
import { allowedInConfigFile } from './options.js';

type OptionTable = Readonly<Record<string, Options>>;
/** Values of options, by the options' names. */
export type Values = Record<string, unknown>;

const defaultFile = 'biotz-postman.config.json';

/** A config file has some lines; this is to notice a wrong one. */
const MOST_BYTES = 64 * 1024;

/**
 * Values for a command's options from `BIOTZ_<FLAG>` variables. Other variables are left alone:
 * `BIOTZ_PASSWORD` is no flag.
 *
 * @param environment the process's variables
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function valuesFromEnvironment(options: OptionTable, environment: NodeJS.ProcessEnv): Values {
  const values: Values = {};
  for (const [key, option] of Object.entries(options)) {
    const variable = `BIOTZ_${key.toUpperCase().replaceAll('-', '_')}`;
    const value = environment[variable];
    const read = value === undefined ? undefined : fromText(variable, value, option);
    if (read !== undefined) values[key] = read;
  }
  return values;
}

/** A config file as it was read: what is wrong with it matters only to a command, not to `--help`. */
export interface ConfigFile {
  readonly name: string;
  readonly read: Awaited<ReturnType<typeof readJson>>;
}

/**
 * Reads a config file.
 *
 * @param file `--config`; without it `biotz-postman.config.json` in the working folder
 * @returns `undefined` if there is none in the working folder
 */
export async function readConfigFile(file: string | undefined): Promise<ConfigFile | undefined> {
  const name = file ?? defaultFile;
  // A pipe in the default place is not the user's: it would keep the program waiting.
  const read = await readJson(name, { mostBytes: MOST_BYTES, pipes: file !== undefined });
  const isMissing = 'problem' in read && read.problem.code === 'refused' && read.problem.errno === 'ENOENT';
  return file === undefined && isMissing ? undefined : { name, read };
}

/**
 * Values for a command's options from a config file: a JSON object of flag names. It may name options of
 * other commands; names that no command knows are an error.
 *
 * @param known every option of every command
 * @throws {BiotzPostmanError} CONFIG_INVALID
 */
export function valuesFromConfigFile(
  options: OptionTable,
  known: ReadonlySet<string>,
  file: ConfigFile | undefined,
): Values {
  if (file === undefined) return {};
  const { name, read } = file;
  const values: Values = {};
  for (const [key, value] of Object.entries(objectOf(read, name))) {
    if (key === '$schema') continue;
    if (!known.has(key)) throw invalid(name, unknown(key));
    if (!allowedInConfigFile.has(key)) {
      const problem = `"${key}" may not come from a config file, because it decides who gets to see passwords`;
      throw invalid(name, problem);
    }
    const option = options[key];
    if (option === undefined || isPrintedSecret(key, option)) continue;
    if (key === 'scope' && offlineAccess.test(String(value))) {
      const problem =
        '"scope" may not ask for offline_access from a config file, because that makes tokens that do not expire';
      throw invalid(name, problem);
    }
    if (!fits(value, option)) throw invalid(name, `"${key}" must be ${kindOf(option)}`);
    values[key] = value;
  }
  return values;
}

/** A scope that asks for tokens that do not expire (OpenID Connect Core 1.0, 11). */
export const offlineAccess = /\boffline_access\b/;

/** `token` has a `format` that prints the password or all tokens: a pipeline that expects one would hand on the others. */
export function isPrintedSecret(key: string, { choices }: Options): boolean {
  return key === 'format' && choices?.includes('raw') === true;
}

/** What the file calls an option may be anything; it may be a link to another file. */
function unknown(key: string): string {
  return /^[\w-]{1,40}$/.test(key) ? `there is no option called "${key}"` : 'it names an option that is none';
}

function objectOf(read: ConfigFile['read'], file: string): object {
  if ('problem' in read) throw invalid(file, `it ${describeProblem(read.problem)}`);
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(file, 'it is not a JSON object');
  return value;
}

function fromText(variable: string, value: string, option: Options): unknown {
  if (option.array === true) {
    const items = value.split(',').map((item) => item.trim());
    const present = items.filter((item) => item !== '');
    return present.length === 0 ? undefined : present;
  }
  if (option.type !== 'boolean') return value;
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(0|false|no|off)$/i.test(value)) return false;
  throw optionError('OPTION_INVALID', { option: variable, problem: 'must be true or false' });
}

function fits(value: unknown, option: Options): boolean {
  if (option.array === true) return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return typeof value === (option.type ?? 'string') && value !== '';
}

function kindOf(option: Options): string {
  if (option.array === true) return 'an array of strings';
  return (
    { boolean: 'true or false', number: 'a number' }[option.type as string] ?? 'a string that is not empty'
  );
}

function invalid(file: string, problem: string): BiotzPostmanError {
  return cliError('CONFIG_INVALID', { file, problem });
}
