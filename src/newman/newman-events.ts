/**
 * The parts of Newman's events that are read here. Newman's own types describe older releases and need a
 * second, older copy of the collection types.
 *
 * @see https://github.com/postmanlabs/newman/blob/v6.2.2/README.md#newmanrunevents
 */
export interface FormParameter {
  key?: string | null;
  value?: unknown;
}

interface ParameterList {
  all(): FormParameter[];
}

export interface NewmanRequest {
  readonly url: { toString(): string; getHost?(): string };
  readonly headers?: { has(name: string): boolean };
  readonly body?: {
    readonly mode: string;
    readonly formdata?: ParameterList;
    readonly urlencoded?: ParameterList;
    raw?: string;
  };
}

interface NewmanItem {
  readonly name?: string;
  readonly request: NewmanRequest;
}

export interface NewmanResponse {
  readonly code: number;
  /** The body as Newman unpacked it; scripts read it after the event. */
  stream?: Buffer;
  readonly headers?: {
    get(name: string): unknown;
    all(): readonly { readonly key: string; readonly value: string }[];
  };
  text(): string;
}

/** What `newman.run` hands to its listeners besides the error. Absent members differ from event to event. */
export interface NewmanEvent {
  /** `scriptId` is there where a script sent the request itself. */
  readonly cursor: { readonly iteration: number; readonly position: number; readonly scriptId?: string };
  readonly item?: NewmanItem;
  readonly request?: NewmanRequest;
  readonly response?: NewmanResponse;
  readonly script?: { toSource(): string };
  /** The assertion's name. */
  readonly assertion?: string;
  readonly error?: unknown;
}
