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
      /** Its name, which another variable has as well: the API takes each name once. */
      readonly path: string;
      /** Why the other one counts: this one is switched off, or stands before it. */
      readonly because: 'disabled' | 'overridden';
    }
  | {
      readonly kind: 'changed';
      /** The request or folder with those around it, or the variable; '' for the collection itself. */
      readonly path: string;
      /** What of it, e.g. `test script`. */
      readonly part: string;
      readonly before: string;
      readonly after: string;
    };

/** What is removed is no reason to write: it only goes along with other changes. */
export function withRemoved(changes: readonly Change[], removed: readonly Change[]): readonly Change[] {
  return changes.length === 0 ? [] : [...changes, ...removed];
}

/** What differs from the file because somebody edited it in Postman, and so is left alone. */
export interface KeptEdit {
  readonly path: string;
  readonly part: string;
}

/** What is in Postman and not in the files; all of it is kept. */
interface OfOthers {
  /** Their names, with those of the folders around them. */
  readonly requests: readonly string[];
  readonly folders: readonly string[];
  readonly variables: readonly string[];
  /** How many examples they saved with our requests. */
  readonly examples: number;
}

/** What a push makes of a document in Postman. */
export interface Merge<D> {
  /** What is sent: all that is there, with ours brought up to date. */
  readonly document: D;
  /** None: there is nothing to send. */
  readonly changes: readonly Change[];
  readonly keptEdits: readonly KeptEdit[];
  readonly ofOthers: OfOthers;
  /** Requests and folders that an earlier push made and the file no longer has. */
  readonly noLongerMade: readonly string[];
}

/** Ours over theirs, or theirs kept. */
export interface MergeOptions {
  /** Also replace the texts and values that somebody edited in Postman. */
  readonly force?: boolean;
}
