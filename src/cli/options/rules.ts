import type { Options } from 'yargs';
import { invalidOption } from '../../errors/option-error.js';
import { positionals } from './declarations.js';
import type { CommandName, commandOptions } from './options.js';

/** An option by its name, an option with one value (`only=collection`), or an argument of the command. */
type Given<Option extends string> = Option | `${Option}=${string}` | keyof typeof positionals;

/** Options that one option, or the command itself, needs or excludes. */
export interface Rule<Option extends string = string> {
  /** Without it, the rule is about the command. */
  readonly option?: Option;
  /** At least one of these must be given. */
  readonly needs?: readonly Given<Option>[];
  /** None of these may be given. */
  readonly excludes?: readonly Given<Option>[];
  /** The reason as a clause, unless it is obvious. */
  readonly because?: string;
  readonly next?: string;
}

const certificate = [
  { option: 'cert', needs: ['key'] },
  { option: 'key', needs: ['cert'] },
] as const;
const ownRequests = 'a collection brings its own requests';
const printsNothing = { because: '--all prints no token', next: 'Use --out FILE to keep the tokens.' };

/** The rules between the options of each command. The first broken rule is reported. */
export const rules: {
  readonly [C in CommandName]?: readonly Rule<keyof (typeof commandOptions)[C] & string>[];
} = {
  generate: [
    { option: 'device', excludes: ['all'] },
    { option: 'device', needs: ['DEVICES'] },
    { option: 'all', needs: ['DEVICES'] },
    { option: 'api-url', needs: ['openapi'] },
    { needs: ['DEVICES', 'user'] },
  ],
  run: [
    { option: 'templates', excludes: ['collection'], because: ownRequests },
    { option: 'payload', excludes: ['collection'], because: ownRequests },
    { option: 'newman-reporter', excludes: ['resume'], because: 'it would report only part of the fleet' },
    { option: 'payload', needs: ['message-type'] },
    { option: 'message-type', needs: ['payload', 'collection'] },
  ],
  token: [
    { option: 'user', needs: ['username'] },
    { option: 'username', excludes: ['DEVICES', 'device', 'all'] },
    { option: 'all', excludes: ['device'] },
    { option: 'token', excludes: ['all'], ...printsNothing },
    { option: 'format', excludes: ['all'], ...printsNothing },
    {
      option: 'out',
      excludes: ['resume'],
      because: 'it would hold only the tokens of the remaining devices',
    },
    ...(['out', 'shard', 'shards', 'resume', 'bail', 'max-failures', 'rate'] as const).map(
      (option) => ({ option, needs: ['all'] }) as const,
    ),
    ...certificate,
    { needs: ['DEVICES', 'username'] },
  ],
  doctor: [
    { option: 'user', excludes: ['DEVICES'], because: 'a device is not a user' },
    { option: 'device', needs: ['DEVICES'] },
    { option: 'payload', needs: ['DEVICES'] },
    { option: 'payload', needs: ['message-type'] },
    ...certificate,
  ],
  share: [
    { option: 'passphrase', excludes: ['to'], because: 'age takes recipients or a passphrase' },
    {
      needs: ['to', 'passphrase'],
      next: 'Give a recipient (--to age1…), a file of recipients, or --passphrase. "biotz-postman share keygen" makes an identity and prints its recipient.',
    },
  ],
  'share check': [{ needs: ['PATHS', 'staged'] }],
  push: [
    { option: 'region', excludes: ['postman-api-url'] },
    { option: 'collection-uid', excludes: ['only=environment'] },
    { option: 'environment-uid', excludes: ['only=collection'] },
    { option: 'user-environment-uid', excludes: ['only=collection'] },
  ],
};

/**
 * Refuses options that break a rule.
 *
 * @param values values of the options and arguments, by name
 * @param fromConfigFile values that count as defaults, because the file may be written for other commands as well
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function requireRules(
  command: CommandName,
  values: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, Options>>,
  fromConfigFile: Readonly<Record<string, unknown>>,
): void {
  const isPresent = (given: string) => {
    const [name = given, value] = given.split('=');
    const actual = values[name];
    if (value !== undefined) return actual === value;
    return actual !== undefined && actual !== false && !(Array.isArray(actual) && actual.length === 0);
  };
  const isDefault = (name: string) =>
    [options[name]?.default, fromConfigFile[name]].some(
      (value) => value !== undefined && value === values[name],
    );
  const isChosen = (given: string) => isPresent(given) && !isDefault(given);
  for (const rule of rulesOf(command)) {
    if (rule.option !== undefined && !isChosen(rule.option)) continue;
    const excluded = rule.excludes?.find(isChosen);
    if (excluded !== undefined || (rule.needs !== undefined && !rule.needs.some(isPresent)))
      throw broken(rule, excluded);
  }
}

/** Options whose help names their rules. */
export function withRules(
  command: CommandName,
  options: Readonly<Record<string, Options>>,
): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const own = rulesOf(command).filter((rule) => rule.option === name);
      const clauses = own.map(({ needs, excludes = [] }) =>
        needs === undefined ? `not with ${listOf(excludes)}` : `needs ${listOf(needs)}`,
      );
      return [name, { ...option, describe: [option.describe, ...clauses].join('; ') }];
    }),
  );
}

const rulesOf = (command: CommandName): readonly Rule[] => rules[command] ?? [];

function broken({ option, needs = [], because, next }: Rule, excluded: string | undefined) {
  const reason = because === undefined ? '' : `: ${because}`;
  const [first = '', ...others] = needs;
  const problem =
    excluded !== undefined
      ? `cannot be used with ${shown(excluded)}${reason}`
      : option === undefined && isArgument(first)
        ? `${positionals[first].missing}${others.map((other) => `, or use ${shown(other)}`).join('')}`
        : `needs ${listOf(needs)}${reason}`;
  const subject = option === undefined ? 'The command line' : shown(option);
  return invalidOption(subject, problem, next);
}

const isArgument = (name: string): name is keyof typeof positionals => Object.hasOwn(positionals, name);
const shown = (name: string) => (isArgument(name) ? name : `--${name.replace('=', ' ')}`);
const listOf = (names: readonly string[]) => names.map(shown).join(' or ');
