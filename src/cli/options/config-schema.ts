import type { Options } from 'yargs';
import { isPrintedSecret, offlineAccess } from './config.js';
import { allowedInConfigFile, commandOptions, commonOptions } from './options.js';

interface Use {
  readonly command: string;
  readonly option: Options;
}

/**
 * The JSON Schema of a config file, made of the options' table. It is committed as `config.schema.json`, for editors;
 * draft 7, which they all know.
 *
 * @see https://json-schema.org/draft-07/schema
 */
export function configSchema(): object {
  const keys = [...allowedInConfigFile].toSorted();
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Config file of biotz-postman',
    description:
      'Options that decide nothing about secrets; the command line and BIOTZ_ variables go before them (docs/configuration.md).',
    type: 'object',
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(keys.map((key) => [key, propertyOf(key, usesOf(key))])),
    },
  };
}

/** By which commands an option is taken from a config file. */
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

/** What each command says of it, the commands that say the same together. */
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
