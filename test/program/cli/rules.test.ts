import { expect, test } from '@jest/globals';
import type { Options } from 'yargs';
import { declarations, positionals } from '../../../src/cli/options/declarations.js';
import type { CommandName } from '../../../src/cli/options/options.js';
import { commandOptions } from '../../../src/cli/options/options.js';
import { type Rule, rules } from '../../../src/cli/options/rules.js';
import { program } from '../../support/program.js';

/** Gives an option any value that its rules look at. */
function given(command: CommandName, name: string): readonly string[] {
  if (Object.hasOwn(positionals, name)) return ['devices.csv'];
  if (name.includes('=')) return [`--${name}`];
  const option: Options = (commandOptions[command] as Readonly<Record<string, Options>>)[name] ?? {};
  if (option.type === 'boolean') return [`--${name}`];
  const value =
    option.type === 'number' ? '1' : (option.choices?.find((each) => each !== option.default) ?? 'x');
  return [`--${name}=${String(value)}`];
}

const shown = (name: string) => (Object.hasOwn(positionals, name) ? name : `--${name.replace('=', ' ')}`);

const all = Object.entries(rules) as readonly (readonly [CommandName, readonly Rule[]])[];
const cases = all.flatMap(([command, own]) =>
  own.flatMap(({ option, needs = [], excludes = [] }) => {
    const { takes, optional } = declarations[command];
    const required = takes === undefined || optional ? [] : ['devices.csv'];
    const subject = [...required, ...(option === undefined ? [] : given(command, option))];
    const start = option === undefined ? 'The command line' : shown(option);
    return [
      ...excludes.map((name) => ({
        command,
        args: [...subject, ...given(command, name)],
        says: `${start} cannot be used with ${shown(name)}`,
      })),
      ...(needs.length === 0
        ? []
        : [{ command, args: subject, says: option === undefined ? start : `${start} needs` }]),
    ];
  }),
);

test.each(cases)('$command with $args is refused: $says', async ({ command, args, says }) => {
  const { status, stdout, stderr } = await program([...command.split(' '), ...args]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`error: ${says}`);
  expect(stderr).toContain('[OPTION_INVALID]');
});

test('help names what an option needs and what it excludes', async () => {
  const { stdout } = await program(['token', '--help']);
  expect(stdout).toMatch(/--shard .*; needs --all/);
  expect(stdout).toMatch(/--username .*; not with DEVICES or --device or --all/);
});
