import { invalidOption } from '../../errors/option-error.js';
import { cliError } from '../errors.js';
import type { Options } from 'yargs';
import { commandOptions, commonOptions } from './options.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { describeProblem } from '../../files/file-problem.js';
import { readJson } from '../../files/read-file.js';

/**
 * Everything that a config file may set. The file comes with a repository and so, in a pull request, from other people:
 * it must not decide where passwords are sent or written, what is sent, and what code sees them.
 */
export const allowedInConfigFile: ReadonlySet<string> = new Set([
  'behaviour',
  'body',
  'client-auth',
  'client-id',
  'concurrency',
  'for',
  'format',
  'message-type',
  'quiet',
  'rate',
  'reporters',
  'retries',
  'scope',
  'timeout-request',
  'timeout-script',
  'verbose',
]);

type OptionTable = Readonly<Record<string, Options>>;
/** Values of options, by the options' names. */
export type Values = Record<string, unknown>;

const defaultFile = 'biotz-postman.config.json';

/** A config file has a few lines; a larger file is a mistake. */
const MOST_BYTES = 64 * 1024;

/**
 * Values for a command's options from `BIOTZ_<FLAG>` variables. Other variables are ignored:
 * `BIOTZ_PASSWORD` is not a flag.
 *
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

/** A config file as it was read. Mistakes in it are reported by a command, not by `--help`. */
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
  // Reading a pipe in the default place could wait forever, and the user did not name it.
  const read = await readJson(name, { mostBytes: MOST_BYTES, pipes: file !== undefined });
  const isMissing = 'problem' in read && read.problem.code === 'refused' && read.problem.errno === 'ENOENT';
  return file === undefined && isMissing ? undefined : { name, read };
}

/**
 * Values for a command's options from a config file: a JSON object of flag names. It may name options of
 * other commands; a name that no command knows is an error.
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
      const problem = `"${key}" may not come from a config file, because it decides who can see passwords`;
      throw invalid(name, problem);
    }
    const option = options[key];
    if (option === undefined || isPrintedSecret(key, option)) continue;
    if (key === 'scope' && offlineAccess.test(String(value))) {
      const problem =
        '"scope" must not request offline_access in a config file, because such tokens do not expire';
      throw invalid(name, problem);
    }
    if (!fits(value, option)) throw invalid(name, `"${key}" must be ${kindOf(option)}`);
    values[key] = value;
  }
  return values;
}

/** Scope of tokens that do not expire (OpenID Connect Core 1.0, 11). */
const offlineAccess = /\boffline_access\b/;

/** `token --format` can print the password or all tokens, which a pipeline that expects one token would pass on. */
function isPrintedSecret(key: string, { choices }: Options): boolean {
  return key === 'format' && choices?.includes('raw') === true;
}

/** The file may be a link to another file, so that a key can be anything. */
function unknown(key: string): string {
  return /^[\w-]{1,40}$/.test(key) ? `there is no option called "${key}"` : 'it names an unknown option';
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
  throw invalidOption(variable, 'must be true or false');
}

function fits(value: unknown, option: Options): boolean {
  if (option.array === true) return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return typeof value === (option.type ?? 'string') && value !== '';
}

function kindOf(option: Options): string {
  if (option.array === true) return 'an array of strings';
  return { boolean: 'true or false', number: 'a number' }[option.type as string] ?? 'a non-empty string';
}

function invalid(file: string, problem: string): BiotzPostmanError {
  return cliError('CONFIG_INVALID', { file, problem });
}

interface Use {
  readonly command: string;
  readonly option: Options;
}

/**
 * JSON Schema of a config file, made from the options' table. It is committed as `config.schema.json` for editors,
 * in draft 7, which all of them support.
 *
 * @see https://json-schema.org/draft-07/schema
 */
export function configSchema(): object {
  const keys = [...allowedInConfigFile].toSorted();
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Config file of biotz-postman',
    description:
      'Options that decide nothing about secrets; the command line and BIOTZ_ variables take precedence (docs/configuration.md).',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(keys.map((key) => [key, propertyOf(key, usesOf(key))])),
    },
  };
}

/** The commands that take an option from a config file. */
function usesOf(key: string): readonly Use[] {
  const tables: readonly (readonly [string, Readonly<Record<string, Options>>])[] = [
    ...Object.entries(commandOptions),
    ['all commands', commonOptions],
  ];
  return tables.flatMap(([command, { [key]: option }]) =>
    option === undefined || isPrintedSecret(key, option) ? [] : [{ command, option }],
  );
}

function propertyOf(key: string, uses: readonly Use[]): object {
  const choices = [...new Set(uses.flatMap(({ option }) => (option.choices ?? []) as readonly string[]))];
  return {
    description: descriptionOf(uses),
    ...(choices.length > 0 ? { enum: choices } : typeOf(uses[0]?.option)),
    ...(key === 'scope' && { not: { pattern: offlineAccess.source } }),
  };
}

/** As `valuesFromConfigFile` checks it. */
function typeOf(option: Options | undefined): object {
  if (option?.array === true) return { type: 'array', items: { type: 'string' } };
  return { type: option?.type ?? 'string' };
}

/** The help of each command; commands with the same help are listed together. */
function descriptionOf(uses: readonly Use[]): string {
  const sentences = new Set(uses.map(({ option }) => sentenceOf(option)));
  return [...sentences]
    .map((sentence) => {
      const users = uses.filter(({ option }) => sentenceOf(option) === sentence);
      return `${users.map(({ command }) => command).join(', ')}: ${sentence}`;
    })
    .join('\n');
}

function sentenceOf({ describe, choices, default: value }: Options): string {
  const taken = choices === undefined ? '' : ` (${choices.join(', ')})`;
  const without = value === undefined ? '' : `; default ${JSON.stringify(value)}`;
  return `${describe}${taken}${without}`;
}
