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

const here = createRequire(import.meta.url);
const fromNewman = createRequire(here.resolve('newman'));
const fromRuntime = createRequire(fromNewman.resolve('postman-runtime'));

/** The sandbox that Newman brings, found the way Newman finds it, and the latest. */
export const newmanSandbox: SandboxModule = fromRuntime('postman-sandbox');
export const latestSandbox: SandboxModule = here('postman-sandbox');

/** Runs one script, as Postman would before or after its request. */
export async function runScript(
  module: SandboxModule,
  listen: 'prerequest' | 'test',
  script: string,
  { environment = {}, data = {}, request = {}, response }: Situation,
): Promise<Outcome> {
  const sandbox = await new Promise<Sandbox>((resolve, reject) => {
    module.createContext({}, (error, created) => (error ? reject(error) : resolve(created)));
  });
  const assertions: Assertion[] = [];
  let requestSkipped = false;
  sandbox.on('error', () => undefined);
  sandbox.on('execution.assertion', (_, detail) => assertions.push(...detail));
  sandbox.on('execution.skipRequest.script', () => (requestSkipped = true));
  const values = Object.entries(environment).map(([key, value]) => ({ key, value }));
  const context = {
    environment: { values },
    data,
    request,
    // Newman gives a test script an empty response when none arrived.
    ...(response && { response: { code: response.code, body: response.body } }),
  };
  try {
    return await new Promise((resolve) => {
      const options = { id: 'script', context, timeout: 10_000 };
      sandbox.execute({ listen, script: { exec: script } }, options, (error, result) => {
        const of = (list: readonly KeyValue[] = []) =>
          Object.fromEntries(list.map(({ key, value }) => [key, value]));
        const names = (list: readonly Assertion[]) => list.map(({ name }) => name);
        resolve({
          passed: names(assertions.filter(({ passed, skipped }) => passed && !skipped)),
          failed: Object.fromEntries(
            assertions.filter(({ passed }) => !passed).map(({ name, error }) => [name, error?.message ?? '']),
          ),
          skipped: names(assertions.filter(({ skipped }) => skipped)),
          environment: of(result?.environment.values),
          nextRequest: result?.return.nextRequest,
          body: result?.request?.body,
          headers: of(result?.request?.header),
          requestSkipped,
          thrown: error?.message,
        });
      });
    });
  } finally {
    sandbox.dispose();
  }
}
