import { optionError } from '../../errors/option-error.js';
import type { ResumeMode } from '../../journal/journal.js';

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

/** @throws {BiotzPostmanError} OPTION_INVALID */
export function readResume(value: string | undefined): ResumeMode | undefined {
  if (value === undefined || value === 'rest' || value === 'failed') return value;
  // BIOTZ_RESUME=true
  if (value === 'true') return 'rest';
  throw optionError('OPTION_INVALID', {
    option: '--resume',
    problem: 'takes no value, or "failed"',
  });
}
