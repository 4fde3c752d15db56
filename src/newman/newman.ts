import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';

type Newman = { run(options: object, done: (error: Error | null) => void): EventEmitter };
type RcFile = { load(done: (error: null, options: object) => void): void };

// CommonJS; `import` would first parse the whole package for names.
const require = createRequire(import.meta.url);

// Newman merges `.newmanrc` of the working folder, `~/.postman/newmanrc` and `/etc/postman/newmanrc` under the options
// of every run: scripts, variables, reporters, delays. Its API has no option against it (lib/config/index.js of 6.2.2).
// Asynchronous, like reading a file: the caller of `newman.run` does not listen to the run yet.
const rcFile = require('newman/lib/config/rc-file') as RcFile;
rcFile.load = (done) => void setImmediate(done, null, {});

/** Newman as a library whose runs have no other options than those that they are given. */
export const newman = require('newman') as Newman;

// The parts of Newman's events that are read here. Newman's own types describe older releases and need a second, older
// copy of the collection types. See https://github.com/postmanlabs/newman/blob/v6.2.2/README.md#newmanrunevents

export interface FormParameter {
  key?: string | null;
  value?: unknown;
}

interface ParameterList {
  all(): FormParameter[];
}

export interface NewmanRequest {
  readonly url: { toString(): string; getHost?(): string };
  readonly headers?: { has(name: string): boolean };
  readonly body?: {
    readonly mode: string;
    readonly formdata?: ParameterList;
    readonly urlencoded?: ParameterList;
    raw?: string;
  };
}

interface NewmanItem {
  readonly name?: string;
  readonly request: NewmanRequest;
}

export interface NewmanResponse {
  readonly code: number;
  /** The body as Newman unpacked it; scripts read it after the event. */
  stream?: Buffer;
  readonly headers?: {
    get(name: string): unknown;
    all(): readonly { readonly key: string; readonly value: string }[];
  };
  text(): string;
}

/** What `newman.run` hands to its listeners besides the error. Which members are absent depends on the event. */
export interface NewmanEvent {
  /** `scriptId` is set if a script sent the request itself. */
  readonly cursor: { readonly iteration: number; readonly position: number; readonly scriptId?: string };
  readonly item?: NewmanItem;
  readonly request?: NewmanRequest;
  readonly response?: NewmanResponse;
  readonly script?: { toSource(): string };
  /** The assertion's name. */
  readonly assertion?: string;
  readonly error?: unknown;
}
