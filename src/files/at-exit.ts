const actions = new Set<() => void>();

/**
 * Registers what must not be left behind if the process ends early, e.g. after a second Ctrl-C. The action is
 * synchronous: nothing else runs any more when a process exits.
 *
 * @returns withdraws the action
 */
export function atExit(action: () => void): () => void {
  actions.add(action);
  return () => void actions.delete(action);
}

/** The program calls this when it exits. An action that fails does not keep the others from their work. */
export function runExitActions(): void {
  for (const action of actions) {
    try {
      action();
    } catch {
      // The next run of a command that writes there removes what is left.
    }
  }
  actions.clear();
}
