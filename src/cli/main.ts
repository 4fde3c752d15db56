import './library-variables.js';
import { runExitActions } from '../files/at-exit.js';
import { run } from './program.js';

process.on('exit', runExitActions);
process.exitCode = await run(process.argv.slice(2));
