import { createRequire } from 'node:module';

/** What a script runs against. */
export interface Situation {
  readonly environment?: Readonly<Record<string, string>>;
  /** Iteration data. */
  readonly data?: Readonly<Record<string, string>>;
  readonly request?: object;
  /** Absent: no answer arrived. */
  readonly response?: { readonly code: number; readonly body: string };
}

/** What a script did. */
export interface Outcome {
  /** The names of the assertions that held, failed with which message, and were skipped. */
  readonly passed: readonly string[];
  readonly failed: Readonly<Record<string, string>>;
  readonly skipped: readonly string[];
  /** The environment afterwards. */
  readonly environment: Readonly<Record<string, unknown>>;
  /** `null` after `setNextRequest(null)`; `undefined` when the script chose nothing. */
  readonly nextRequest: unknown;
  /** The request afterwards. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestSkipped: boolean;
  /** What the script threw outside an assertion. */
  readonly thrown: string | undefined;
}

interface Assertion {
  readonly name: string;
  readonly passed: boolean;
  readonly skipped: boolean;
  readonly error: { readonly message: string } | null;
}

interface KeyValue {
  readonly key: string;
  readonly value: string;
}

interface Execution {
  readonly environment: { readonly values: readonly KeyValue[] };
  readonly request: { readonly header?: readonly KeyValue[]; readonly body?: unknown };
  readonly return: { readonly nextRequest?: unknown };
}

/** The parts of a sandbox that a test needs; its package has no types for them. */
interface Sandbox {
  on(event: string, listener: (cursor: unknown, detail: readonly Assertion[]) => void): void;
  execute(script: object, options: object, callback: (error: Error | null, result: Execution) => void): void;
  dispose(): void;
}

interface SandboxModule {
  createContext(options: object, callback: (error: Error | null, sandbox: Sandbox) => void): void;
}

const require = createRequire(import.meta.url);
const fromNewman = createRequire(require.resolve('newman'));
const fromRuntime = createRequire(fromNewman.resolve('postman-runtime'));

const newmanSandbox: SandboxModule = fromRuntime('postman-sandbox');
const latestSandbox: SandboxModule = require('postman-sandbox');

/** The sandbox that Newman brings, found the way Newman finds it, and the latest: a table for `describe.each`. */
export const sandboxes = [
  ["Newman's sandbox", newmanSandbox],
  ['the latest sandbox', latestSandbox],
] as const;

/** Runs scripts one after the other in one sandbox, as Newman does for all devices of a run. */
export class ScriptRunner {
  readonly #sandbox: Sandbox;
  #runs = 0;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  static async start(module: SandboxModule): Promise<ScriptRunner> {
    const sandbox = await new Promise<Sandbox>((resolve, reject) => {
      module.createContext({}, (error, created) => (error ? reject(error) : resolve(created)));
    });
    // What a script throws arrives with the result too.
    sandbox.on('error', () => undefined);
    return new ScriptRunner(sandbox);
  }

  stop(): void {
    this.#sandbox.dispose();
  }

  run(listen: 'prerequest' | 'test', script: string, situation: Situation): Promise<Outcome> {
    this.#runs += 1;
    const id = `run-${this.#runs}`;
    const assertions: Assertion[] = [];
    let requestSkipped = false;
    this.#sandbox.on(`execution.assertion.${id}`, (_, detail) => assertions.push(...detail));
    this.#sandbox.on(`execution.skipRequest.${id}`, () => (requestSkipped = true));
    const { environment = {}, ...rest } = situation;
    const values = Object.entries(environment).map(([key, value]) => ({ key, value }));
    const options = { id, context: { environment: { values }, ...rest }, timeout: 10_000 };
    return new Promise((resolve) => {
      this.#sandbox.execute({ listen, script: { exec: script } }, options, (error, result) => {
        resolve({
          passed: assertions.filter(({ passed, skipped }) => passed && !skipped).map(({ name }) => name),
          failed: Object.fromEntries(
            assertions.filter(({ passed }) => !passed).map(({ name, error }) => [name, error?.message ?? '']),
          ),
          skipped: assertions.filter(({ skipped }) => skipped).map(({ name }) => name),
          environment: toObject(result?.environment.values),
          nextRequest: result?.return.nextRequest,
          body: result?.request?.body,
          headers: toObject(result?.request?.header),
          requestSkipped,
          thrown: error?.message,
        });
      });
    });
  }
}

const toObject = (list: readonly KeyValue[] = []) =>
  Object.fromEntries(list.map(({ key, value }) => [key, value]));
