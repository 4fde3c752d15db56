const actions = new Set<() => void>();

/**
 * Registers a cleanup for a process that ends early, e.g. after a second Ctrl-C. The action must be synchronous: nothing
 * else runs while a process exits.
 *
 * @returns withdraws the action
 */
export function atExit(action: () => void): () => void {
  actions.add(action);
  return () => void actions.delete(action);
}

/** The program calls this when it exits. An action that fails does not stop the others. */
export function runExitActions(): void {
  for (const action of actions) {
    try {
      action();
    } catch {
      // The next command that writes to the same folder removes the rest.
    }
  }
  actions.clear();
}
