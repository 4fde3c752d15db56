/** A Postman variable scope, as far as it is used here. */
interface Scope {
  toJSON(): { readonly values?: readonly object[] };
}
type ScopeClass = new (definition: { readonly values: readonly object[] }) => Scope;

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
 * Takes a picture of a run's variables before its first device.
 *
 * @returns puts that picture back: after it no variable, token or cookie of one device is left for the
 *   next. To be called on every `beforeIteration`, when the runtime has not yet read its state
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
