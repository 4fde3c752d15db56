/** A sentence about what is wrong, and one about what to do next. */
export interface Prose {
  readonly reason: string;
  readonly next: string;
}
