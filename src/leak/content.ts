/** A file, or something else with a name and bytes, that can be read from its start any number of times. */
export interface Content {
  readonly name: string;
  /** A part may be overwritten once the next one is asked for. */
  chunks(): AsyncIterable<Buffer>;
}
