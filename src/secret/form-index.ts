import { foldAscii } from './reading.js';

/** How many code units of a form select its slot; few secrets begin alike. */
export const BEGINNING = 4;

/**
 * A power of two, and large compared with the forms of 1,024 secrets (about 5,000): so most beginnings in a harmless text
 * match an empty slot.
 */
const SLOTS = 2 ** 16;

export type SecretKind = 'short' | 'word' | 'other';

// Called for each character: in a vm context, which is where tests run, looking up `Math` costs more than all the rest.
const { imul } = Math;

/** Adds a code unit to the hash of a beginning, which is 0 at first. @see Knuth, TAOCP 3, 6.4 (2^32 / φ) */
export const hashUnit = (hash: number, unit: number) => imul(hash ^ unit, 0x9e3779b1);

/**
 * Forms by their beginning: a hash table with a tree in each slot, so that a search follows all forms that begin alike at
 * once. Adding and removing a form leaves it as large as before.
 */
export class FormIndex {
  /** The roots of the trees; allocated with the first form, because many runs of the program add none. */
  #slots: (FormNode | undefined)[] = [];
  /** The number of forms by the length of their beginning, which is less than {@link BEGINNING} only for shorter forms. */
  readonly #byLength: number[] = Array.from({ length: BEGINNING + 1 }, () => 0);
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /**
   * The forms with a beginning, and possibly forms with another one.
   *
   * @param units length of the beginning, at most {@link BEGINNING}
   * @param last its last unit
   * @param hash of all its units, by {@link hashUnit}
   */
  withBeginning(units: number, last: number, hash: number): FormNode | undefined {
    if (this.#byLength[units] === 0) return undefined;
    const root = this.#slots[slotOfHash(hash)];
    // Excludes most forms that share the slot by chance.
    return root !== undefined && root.end >= units && unitOf(root.text, units - 1) !== last
      ? undefined
      : root;
  }

  /**
   * Adds a form.
   *
   * @param text folded but for ASCII, not empty
   * @param kind `short`: one occurrence masks the whole text; `word`: it may be in our own sentences, as a short one may
   * @returns the node to pass to {@link remove}
   */
  add(text: string, kind: SecretKind): FormNode {
    if (this.#slots.length === 0) this.#slots = Array.from({ length: SLOTS });
    const node = this.#nodeFor(text);
    if (node.holders === 0) this.#count(text.length, 1);
    node.holders += 1;
    if (kind === 'short') node.shortHolders += 1;
    if (kind !== 'other') node.wordHolders += 1;
    return node;
  }

  /** @param kind as it was added */
  remove(node: FormNode, kind: SecretKind): void {
    node.holders -= 1;
    if (kind === 'short') node.shortHolders -= 1;
    if (kind !== 'other') node.wordHolders -= 1;
    if (node.holders > 0) return;
    this.#count(node.end, -1);
    const { parent, children } = node;
    if (children !== undefined) {
      this.#join(node);
    } else if (parent === undefined) {
      this.#slots[slotOf(node.text)] = undefined;
    } else {
      parent.children?.delete(unitOf(node.text, node.start));
      if (parent.children?.size === 0) parent.children = undefined;
      if (parent.holders === 0) this.#join(parent);
    }
  }

  #nodeFor(text: string): FormNode {
    let parent: FormNode | undefined;
    let node = this.#slots[slotOf(text)];
    while (node !== undefined) {
      const equal = equalUntil(node, text);
      parent = equal < node.end ? this.#split(node, equal) : node;
      if (equal === text.length) return parent;
      node = parent.children?.get(unitOf(text, equal));
    }
    return this.#put(leaf(text, parent));
  }

  /** Makes two of a node. @returns the upper one */
  #split(node: FormNode, at: number): FormNode {
    const upper = this.#put({ ...leaf(node.text, node.parent), end: at });
    node.start = at;
    node.parent = upper;
    this.#put(node);
    return upper;
  }

  /** Where no form ends and nothing branches, a node and the one below it become one. */
  #join(upper: FormNode): void {
    const [only, another] = upper.children?.values() ?? [];
    if (only === undefined || another !== undefined) return;
    only.start = upper.start;
    only.parent = upper.parent;
    this.#put(only);
  }

  /** Puts a node below its parent, or into its slot, and replaces the node there. */
  #put(node: FormNode): FormNode {
    if (node.parent === undefined) this.#slots[slotOf(node.text)] = node;
    else (node.parent.children ??= new Map()).set(unitOf(node.text, node.start), node);
    return node;
  }

  #count(units: number, change: 1 | -1): void {
    this.#size += change;
    const length = Math.min(units, BEGINNING);
    this.#byLength[length] = (this.#byLength[length] ?? 0) + change;
  }
}

function slotOf(text: string): number {
  let hash = 0;
  for (let index = 0; index < BEGINNING && index < text.length; index++) {
    hash = hashUnit(hash, unitOf(text, index));
  }
  return slotOfHash(hash);
}

/** The upper half of the bits: only they depend on all factors of a product. */
const slotOfHash = (hash: number) => hash >>> 16;

/** Forms of secrets that begin alike: as far as they are equal they share a node, and then branch (a radix tree). */
export interface FormNode {
  /**
   * One of the forms that go through this node, folded but for ASCII: base64 of a token is long, and most are
   * never compared.
   */
  text: string;
  /** The node covers the code units of `text` from `start` up to `end`. */
  start: number;
  end: number;
  parent: FormNode | undefined;
  /** Child nodes by their first code unit; absent rather than empty. */
  children: Map<number, FormNode> | undefined;
  /** How many secrets have the form that ends here; 0 if no form ends here. */
  holders: number;
  /** How many of these secrets mask the whole text. */
  shortHolders: number;
  /** How many of these secrets may be words of this program's messages. */
  wordHolders: number;
}

/** A node for the rest of a form below its parent. */
function leaf(text: string, parent: FormNode | undefined): FormNode {
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
function equalUntil({ text, start, end }: FormNode, form: string): number {
  let at = start;
  while (at < end && at < form.length && unitOf(text, at) === unitOf(form, at)) at++;
  return at;
}
