import { runInNewContext } from 'node:vm';

interface Situation {
  readonly environment: Readonly<Record<string, string>>;
  /** The row, in a run over data. */
  readonly data?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly body: object;
}

interface Runtime {
  readonly environment: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly failures: readonly string[];
  readonly stopped: boolean;
  /** Throws what the script throws. */
  run(script: string): void;
}

/**
 * As much of Bruno as the scripts meet there, with what it lacks lacking: its own variables are apart from the
 * environment and the row, its body is no Postman body, and a test cannot be skipped.
 *
 * @see https://docs.usebruno.com/testing/script/javascript-reference
 */
export function brunoRuntime({ environment, data = {}, status, body }: Situation): Runtime {
  const variables: Record<string, string> = { ...environment };
  const headers: Record<string, string> = {};
  const failures: string[] = [];
  let stopped = false;
  const bru = {
    getVar: () => undefined,
    getEnvVar: (name: string) => variables[name],
    setEnvVar: (name: string, value: string) => {
      variables[name] = value;
    },
    deleteEnvVar: (name: string) => {
      delete variables[name];
    },
    runner: {
      iterationData: { get: (name: string) => data[name] },
      stopExecution: () => {
        stopped = true;
      },
      skipRequest: () => undefined,
    },
  };
  const context = {
    bru,
    Buffer,
    console,
    req: {
      getBody: () => [],
      headerList: { has: (name: string) => Object.hasOwn(headers, name) },
      setHeader: (name: string, value: string) => {
        headers[name] = value;
      },
    },
    res: { getStatus: () => status, getBody: () => body },
    expect: {
      fail: (message: string) => {
        throw new Error(message);
      },
    },
    test: (_name: string, check: () => void) => {
      try {
        check();
      } catch (error) {
        failures.push(
          error instanceof Error ? error.message : String((error as { message?: unknown }).message),
        );
      }
    },
  };
  return {
    environment: variables,
    headers,
    failures,
    get stopped() {
      return stopped;
    },
    run: (script) => void runInNewContext(`(() => {${script}\n})()`, context),
  };
}
