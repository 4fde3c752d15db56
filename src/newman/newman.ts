import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

type Newman = { run(options: object, done: (error: Error | null) => void): EventEmitter };
type RcFile = { load(done: (error: null, options: object) => void): void };

// CommonJS; `import` would first parse the whole package for names.
const require = createRequire(import.meta.url);

// Newman merges `.newmanrc` of the working folder, `~/.postman/newmanrc` and `/etc/postman/newmanrc` under the options
// of every run: scripts, variables, reporters, delays. Its API has no option against it (lib/config/index.js of 6.2.2).
// Later, as after reading a file: its caller does not listen to the run yet.
const rcFile = require('newman/lib/config/rc-file') as RcFile;
rcFile.load = (done) => void setImmediate(done, null, {});

/** Newman as a library whose runs have the options that they are given, and no others. */
export const newman = require('newman') as Newman;
