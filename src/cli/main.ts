import { processIo } from './io.js';

// yargs-parser throws while it is loaded if this variable asks for a newer Node; it is meant for its own tests.
delete process.env['YARGS_MIN_NODE_VERSION'];
const { run } = await import('./program.js');
process.exitCode = await run(process.argv.slice(2), processIo());
