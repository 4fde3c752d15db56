import './options/library-variables.js';
import { runExitActions } from '../files/at-exit.js';
import { catchSignals } from './terminal/interrupt.js';
import { run } from './program.js';
import { closeLostTerminal } from './terminal/terminal.js';

catchSignals();
process.on('exit', runExitActions).on('exit', closeLostTerminal);
process.exitCode = await run(process.argv.slice(2));
