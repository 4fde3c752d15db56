import type { Terminal } from './terminal.js';

/** Says loudly what `--insecure` gives up. */
export function warnInsecure(terminal: Terminal): void {
  terminal.note(
    `${terminal.paintNotes.bad('warning')}: --insecure: passwords may be read or taken on the way.\n`,
  );
}
