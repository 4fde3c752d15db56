import { BiotzPostmanError } from '../errors.js';

/**
 * Says what is wrong with a command line, from yargs' own message. That one repeats what it does not know, and a
 * stray argument or value may be a password: only names of flags are repeated here.
 *
 * @param commands names, of one word or two
 * @param missing what to say where the command's own argument is not there
 */
export function usageError(
  message: string,
  args: readonly string[],
  commands: readonly string[],
  missing: string,
): BiotzPostmanError {
  const unknownCommand = wrongCommand(args, commands);
  if (unknownCommand !== undefined) return unknownCommand;
  const unknown = /^Unknown arguments?: (.*)$/s.exec(message)?.[1]?.split(', ');
  const flags = unknown?.filter((name) =>
    args.some((argument) => argument.replace(/^-+|=.*$/gs, '') === name && argument.startsWith('-')),
  );
  if (flags?.some((name) => /pass|secret|token$|api-?key/i.test(name)) === true) {
    const isKey = flags.some((name) => /key/i.test(name));
    const next = isKey
      ? 'Set POSTMAN_API_KEY in the environment.'
      : 'Passwords are read from the credentials file.';
    return new BiotzPostmanError('OPTION_INVALID', {
      option: `--${flags[0]}`,
      problem: 'is not an option, and no secret is ever taken from an argument',
      next,
    });
  }
  if (unknown !== undefined) {
    const names = [...new Set(flags)].map((name) => `--${name}`);
    return names.length > 0
      ? new BiotzPostmanError('OPTION_INVALID', {
          option: names.join(', '),
          problem: 'is not an option of this command',
        })
      : new BiotzPostmanError('OPTION_INVALID', {
          option: 'The command line',
          problem: 'has an argument too many',
        });
  }
  if (message.startsWith('Not enough non-option arguments')) {
    return new BiotzPostmanError('OPTION_INVALID', { option: 'The command line', problem: missing });
  }
  const choice = /Argument: ([\w-]+), Given: .*?, Choices: (.*)$/s.exec(message);
  if (choice !== null) {
    const [, name = '', choices = ''] = choice;
    const isArgument = args.some((argument) => argument.split('=')[0] === `--${name}`);
    const variable = `BIOTZ_${name.toUpperCase().replaceAll('-', '_')}`;
    return new BiotzPostmanError('OPTION_INVALID', {
      option: isArgument ? `--${name}` : `${variable}, or "${name}" in the config file,`,
      problem: `must be one of ${choices.trim()}`,
    });
  }
  return new BiotzPostmanError('OPTION_INVALID', {
    option: 'The command line',
    problem: `is wrong: ${message.replace(/\.?\s*$/, '').replace(/\s+/g, ' ')}`,
  });
}

function wrongCommand(args: readonly string[], commands: readonly string[]): BiotzPostmanError | undefined {
  const [first = '', second = ''] = args;
  if (first === '' || first.startsWith('-') || commands.includes(first)) return undefined;
  const group = commands.filter((name) => name.startsWith(`${first} `));
  if (group.includes(`${first} ${second}`)) return undefined;
  if (group.length === 0) {
    const next = `The commands are ${commands.join(', ')}.`;
    return new BiotzPostmanError('OPTION_INVALID', {
      option: 'The first argument',
      problem: 'is no command',
      next,
    });
  }
  const problem = `is only the first word of a command: ${group.join(', ')}`;
  return new BiotzPostmanError('OPTION_INVALID', { option: `"${first}"`, problem });
}
