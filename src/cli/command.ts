import type { ArgumentsOf, CommandName } from './options/options.js';
import type { Terminal } from './terminal/terminal.js';

/** Does a command's work and gives the exit status. */
export type Command<C extends CommandName> = (argv: ArgumentsOf<C>, terminal: Terminal) => Promise<number>;
