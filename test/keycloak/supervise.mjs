/**
 * Runs a program for as long as another process holds the other end of standard input, then ends it with all that it
 * started and removes its folder. A test run that is interrupted, or killed, closes its end without having to
 * do anything; kc.sh does not notice such a thing, and java even outlives kc.sh.
 *
 * node supervise.mjs FOLDER PROGRAM [ARGUMENT...]
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const [folder, program, ...args] = process.argv.slice(2);

const leave = (status) => {
  // Some process of the group may be writing its last.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  process.exit(status);
};

let child;
const end = () => process.kill(-child.pid, 'SIGKILL');
// Before there is anything to end: a signal may come as soon as the program has said its first word.
process.stdin.on('close', end).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
// The test run may have ended, and no process read this.
process.stdout.on('error', () => undefined);

// Detached: the head of a process group, by whose id the whole group can be ended.
child = spawn(program, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', () => leave(127));
child.on('exit', (status) => leave(status ?? 1));
