import { optionError } from '../../errors/option-error.js';

/** What `--resume` asks for: the devices without a result, or those that have failed. */
export type Resume = 'rest' | 'failed';

/**
 * Gives `--resume` its value before yargs parses, which would take the credentials file behind it for that.
 *
 * @param args the command line
 */
export function withResumeValue(args: readonly string[]): string[] {
  return args.flatMap((argument, at) => {
    if (argument === '--resume') return args[at + 1] === 'failed' ? ['--resume=failed'] : ['--resume=rest'];
    return argument === 'failed' && args[at - 1] === '--resume' ? [] : [argument];
  });
}

/** @throws {BiotzPostmanError} OPTION_INVALID */
export function readResume(value: string | undefined): Resume | undefined {
  if (value === undefined || value === 'rest' || value === 'failed') return value;
  // BIOTZ_RESUME=true
  if (value === 'true') return 'rest';
  throw optionError('OPTION_INVALID', {
    option: '--resume',
    problem: 'takes nothing, or "failed"',
  });
}
