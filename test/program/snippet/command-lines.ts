import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The command line of each process of this machine, as every user of it can read them. */
export function commandLines(): string[] {
  if (!existsSync('/proc/self/cmdline')) {
    return execFileSync('ps', ['-A', '-ww', '-o', 'args']).toString().split('\n');
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((process) => {
      try {
        return readFileSync(`/proc/${process}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        // It has ended since.
        return '';
      }
    });
}
