import type { Terminal } from './terminal.js';

/** Warns about the risk of `--insecure`. */
export function warnInsecure(terminal: Terminal): void {
  terminal.noteWarning('--insecure: others on the network can read the passwords.');
}
