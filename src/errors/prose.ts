/** A sentence about what is wrong, and one about what to do next. */
export interface Prose {
  readonly reason: string;
  readonly next: string;
}

/** What a code without facts of its own carries. */
type NoArgs = Readonly<Record<string, never>>;

/** What each code of a table of sentences carries: the parameter of its function. */
export type ArgsOf<T> = {
  readonly [C in keyof T]: T[C] extends (args: infer A) => unknown ? (unknown extends A ? NoArgs : A) : never;
};
