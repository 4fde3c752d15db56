/** One difference that a push makes. */
export type Change =
  | {
      readonly kind: 'added';
      readonly what: 'request' | 'folder' | 'example' | 'variable';
      readonly path: string;
    }
  | {
      readonly kind: 'removed';
      readonly what: 'variable';
      /** Its name, which another variable has as well: the API accepts each name once. */
      readonly path: string;
      /** Why the other variable counts: this one is switched off, or comes before it. */
      readonly because: 'disabled' | 'overridden';
    }
  | {
      readonly kind: 'changed';
      /** The request or folder after the folders that contain it, or the variable; '' for the collection itself. */
      readonly path: string;
      /** The part that changes, e.g. `test script`. */
      readonly part: string;
      readonly before: string;
      readonly after: string;
    };

/** Removed variables alone are no reason to write: they are dropped when something else is written. */
export function withRemoved(changes: readonly Change[], removed: readonly Change[]): readonly Change[] {
  return changes.length === 0 ? [] : [...changes, ...removed];
}

/** A part that differs from the file because a user edited it in Postman; it is left alone. */
export interface KeptEdit {
  readonly path: string;
  readonly part: string;
}

/** What other users added in Postman; all of it is kept. */
interface OfOthers {
  /** Their names, after the names of the folders that contain them. */
  readonly requests: readonly string[];
  readonly folders: readonly string[];
  readonly variables: readonly string[];
  /** Number of examples that users saved with our requests. */
  readonly examples: number;
}

/** What a push makes of a document in Postman. */
export interface Merge<D> {
  /** The document to send: everything in Postman, with our parts brought up to date. */
  readonly document: D;
  /** Empty if there is nothing to send. */
  readonly changes: readonly Change[];
  readonly keptEdits: readonly KeptEdit[];
  readonly ofOthers: OfOthers;
  /** Requests and folders that an earlier push made and that the file no longer has. */
  readonly noLongerMade: readonly string[];
}

export interface MergeOptions {
  /** Whether to replace texts and values that a user edited in Postman, too. */
  readonly force?: boolean;
}
