import { foldAscii } from './reading.js';

/** Forms of secrets that begin alike: as far as they are equal they share a node, and then branch (a radix tree). */
export interface FormNode {
  /**
   * One of the forms that go through this node, folded but for ASCII: base64 of a token is long, and most are
   * never compared.
   */
  text: string;
  /** The node stands for the code units of `text` from here on. */
  start: number;
  /** And up to here. */
  end: number;
  parent: FormNode | undefined;
  /** By their first code unit; absent rather than empty. */
  children: Map<number, FormNode> | undefined;
  /** How many hold the form that ends here; 0 where none does. */
  holders: number;
  /** How many of them want the whole text masked. */
  shortHolders: number;
  /** How many of them may be words of ours. */
  wordHolders: number;
}

/** A node for what is left of a form below its parent. */
export function leaf(text: string, parent: FormNode | undefined): FormNode {
  const start = parent?.end ?? 0;
  return {
    text,
    start,
    end: text.length,
    parent,
    children: undefined,
    holders: 0,
    shortHolders: 0,
    wordHolders: 0,
  };
}

/** A code unit of a form, folded. */
export const unitOf = (text: string, depth: number) => foldAscii(text.charCodeAt(depth));

/** How far a form equals those that go through a node; above the node it does. */
export function equalUntil({ text, start, end }: FormNode, form: string): number {
  let at = start;
  while (at < end && at < form.length && unitOf(text, at) === unitOf(form, at)) at++;
  return at;
}
