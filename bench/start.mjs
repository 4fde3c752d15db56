// Compares the time of --version and --help with a program that only parses --version with yargs.
import { fileURLToPath } from 'node:url';
import { measure, median } from './measure.mjs';

const rounds = Number(process.argv[2] ?? 15);
const program = fileURLToPath(new URL('../bin/biotz-postman.js', import.meta.url));
const peer = fileURLToPath(new URL('peer-yargs.mjs', import.meta.url));
const commands = {
  'yargs alone': [peer, '--version'],
  '--version': [program, '--version'],
  '--help': [program, '--help'],
};

/** @type {Record<string, number[]>} */
const seconds = { 'yargs alone': [], '--version': [], '--help': [] };
for (const args of Object.values(commands)) await measure(args);
// Alternately, so that a change of the machine's speed affects all of them.
for (let round = 0; round < rounds; round++) {
  for (const [name, args] of Object.entries(commands)) seconds[name]?.push((await measure(args)).seconds);
}
const base = median(seconds['yargs alone'] ?? []);
console.table(
  Object.fromEntries(
    Object.entries(seconds).map(([name, values]) => [
      name,
      {
        'median ms': Math.round(median(values) * 1000),
        ratio: (median(values) / base).toFixed(2),
        target: '<= 1.30',
      },
    ]),
  ),
);
