import { createRequire } from 'node:module';
import type { CollectionDocument } from '../../src/postman/document.js';

/** One assertion, as the sandbox reports it. */
export interface Assertion {
  readonly name: string;
  readonly passed: boolean;
  readonly skipped: boolean;
  readonly error: { readonly message: string } | null;
}

/** What a script runs against. */
export interface Situation {
  readonly environment?: Readonly<Record<string, string>>;
  /** Iteration data; an answer to a device's login is judged by its `username`. */
  readonly data?: Readonly<Record<string, string>>;
  readonly request?: object;
  /** Absent: no answer arrived. */
  readonly response?: { readonly code: number; readonly body: string };
}

export interface Outcome {
  readonly assertions: readonly Assertion[];
  readonly environment: Readonly<Record<string, unknown>>;
  /** Whatever the script says, in assertions and on the console. */
  readonly said: string;
  readonly error: Error | null;
  /** `null` after `setNextRequest(null)`; absent when the script chose nothing. */
  readonly nextRequest: unknown;
  readonly request: SentRequest;
  readonly skipped: boolean;
}

interface SentRequest {
  readonly body?: { readonly mode: string; readonly raw?: string };
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

interface Execution {
  readonly environment: { readonly values: readonly { readonly key: string; readonly value: unknown }[] };
  readonly request: { toJSON?(): { header?: SentRequest['headers']; body?: SentRequest['body'] } };
  readonly return: { readonly nextRequest?: unknown };
}

/** The parts of a sandbox context that a test needs; the packages bring no types for them. */
interface Context {
  on(event: string, listener: (...args: unknown[]) => void): void;
  execute(
    script: object,
    options: object,
    callback: (error: Error | null, execution: Execution) => void,
  ): void;
  dispose(): void;
}

interface SandboxModule {
  createContext(options: object, callback: (error: Error | null, context: Context) => void): void;
}

const require = createRequire(import.meta.url);
const newmanRequire = createRequire(require.resolve('newman'));
const runtimeRequire = createRequire(newmanRequire.resolve('postman-runtime'));

/** Every sandbox that the scripts have to run in: the one Newman has, and the latest. */
export const sandboxes = [
  ["Newman's own", runtimeRequire('postman-sandbox') as SandboxModule, runtimeRequire('postman-sandbox/package.json') as { version: string }],
  ['the latest', require('postman-sandbox') as SandboxModule, require('postman-sandbox/package.json') as { version: string }],
] as const;
