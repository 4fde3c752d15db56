import { createRequire } from 'node:module';

/** The parts of a Postman variable scope that are used here. */
interface Scope {
  toJSON(): { readonly values?: readonly object[] };
}
type ScopeClass = new (definition: { readonly values: readonly object[] }) => Scope;

/** A context of postman-sandbox 4.7; an event emitter. */
interface SandboxHost {
  removeAllListeners(): void;
  on(event: 'error', listener: () => void): void;
  dispose(): void;
}

const newman = createRequire(createRequire(import.meta.url).resolve('newman'));
const { init: startSandbox } = newman('postman-runtime/lib/runner/extensions/event.command.js') as {
  readonly init: (this: NewmanRunState, done: (error?: Error | null) => void) => void;
};

/**
 * The state of postman-runtime 7.39's Run, which Newman 6.2.2 hands out with its `start` event. It is
 * private there; the tests of runDevices notice when a release changes it.
 */
export interface NewmanRunState {
  readonly state: {
    environment: Scope;
    globals: Scope;
    collectionVariables: Scope;
    _variables: Scope;
    /** The iteration data; a row is read when its iteration begins. */
    readonly data: readonly object[];
  };
  /** The context that scripts run in. */
  host: SandboxHost | undefined;
  readonly requester: {
    readonly options: {
      readonly cookieJar: { removeAllCookiesSync(): void };
      maxResponseSize?: number;
      ignoreProxyEnvironmentVariables?: boolean;
    };
  };
  /** Takes effect between iterations, and calls back then. */
  pause(paused: () => void): void;
  resume(): void;
  abort(): void;
}

/**
 * Saves a run's variables before its first device.
 *
 * @returns restores them, so that no variable, token or cookie of one device is left for the next. Call it on every
 *   `beforeIteration`, when the runtime has not yet read its state
 */
export function isolateDevices({ state, requester }: NewmanRunState): () => void {
  const Scope = state.environment.constructor as ScopeClass;
  const environment = valuesOf(state.environment);
  const globals = valuesOf(state.globals);
  const collectionVariables = valuesOf(state.collectionVariables);
  return () => {
    state.environment = new Scope({ values: environment });
    state.globals = new Scope({ values: globals });
    state.collectionVariables = new Scope({ values: collectionVariables });
    state._variables = new Scope({ values: [] });
    requester.options.cookieJar.removeAllCookiesSync();
  };
}

function valuesOf(scope: Scope): readonly object[] {
  return scope.toJSON().values ?? [];
}

/**
 * Keeps devices from seeing what the scripts of other devices leave in the sandbox: globals, changed built-ins, state of
 * the sandbox's libraries, work that is still running. Only a new context is free of all of that, because state in a
 * closure or an internal slot cannot be frozen or restored. A new context takes as much CPU as several devices
 * (docs/performance.md), so devices share one as long as only harmless scripts run in it.
 *
 * @param harmless the texts of scripts that leave nothing behind and read nothing that other scripts left
 * @returns a function to call before every script, with the number of its device
 */
export function isolateScripts(
  run: NewmanRunState,
  harmless: ReadonlySet<string>,
): (device: number, code: string) => void {
  let lastDevice: number | undefined;
  let isClean = true;
  return (device, code) => {
    const isHarmless = harmless.has(code);
    const isUsed = lastDevice !== undefined && lastDevice !== device;
    if (isUsed && !(isClean && isHarmless)) {
      renewSandbox(run);
      isClean = true;
    }
    lastDevice = device;
    isClean &&= isHarmless;
  };
}

/** Not on `beforeIteration`: a device without a script needs no context. */
function renewSandbox(run: NewmanRunState): void {
  const { host } = run;
  // Work that still runs in the old context must not emit to the run; an emitter without a listener throws errors.
  host?.removeAllListeners();
  host?.on('error', () => undefined);
  host?.dispose();
  run.host = undefined;
  startSandbox.call(run, (error) => {
    if (error) throw error;
  });
  if (run.host === undefined) throw new Error('the script sandbox did not start at once');
}
