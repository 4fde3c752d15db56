import { BiotzPostmanError } from '../errors.js';

/**
 * Says what is wrong with a command line, from yargs' own message. That one repeats what it does not know, and a
 * stray argument or value may be a password: only names of flags are repeated here.
 */
export function usageError(
  message: string,
  args: readonly string[],
  commands: readonly string[],
): BiotzPostmanError {
  const [first = ''] = args;
  if (first !== '' && !first.startsWith('-') && !commands.includes(first)) {
    const next = `The commands are ${commands.join(', ')}.`;
    return new BiotzPostmanError('OPTION_INVALID', {
      option: 'The first argument',
      problem: 'is no command',
      next,
    });
  }
  const unknown = /^Unknown arguments?: (.*)$/s.exec(message)?.[1]?.split(', ');
  const flags = unknown?.filter((name) =>
    args.some((argument) => argument.replace(/^-+|=.*$/gs, '') === name && argument.startsWith('-')),
  );
  if (flags?.some((name) => /pass|secret|token$/i.test(name)) === true) {
    const next = 'Passwords are read from the credentials file.';
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
    return new BiotzPostmanError('OPTION_INVALID', {
      option: 'DEVICES',
      problem: 'is missing: name a credentials file, or - for standard input',
    });
  }
  const choice = /Argument: ([\w-]+), Given: .*?, Choices: (.*)$/s.exec(message);
  if (choice !== null) {
    const [, name = '', choices = ''] = choice;
    return new BiotzPostmanError('OPTION_INVALID', {
      option: `--${name}`,
      problem: `must be one of ${choices.trim()}`,
    });
  }
  return new BiotzPostmanError('OPTION_INVALID', {
    option: 'The command line',
    problem: `is wrong: ${message.replace(/\.?\s*$/, '').replace(/\s+/g, ' ')}`,
  });
}
