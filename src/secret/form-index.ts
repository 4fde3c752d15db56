import { foldAscii } from './reading.js';

/** How many code units of a form decide where it is kept; of many secrets few begin alike. */
export const BEGINNING = 4;

/**
 * A power of two, and large beside the forms of 1,024 secrets (about 5,000): most beginnings in a harmless
 * text then belong to no secret.
 */
const SLOTS = 2 ** 16;

export type SecretKind = 'short' | 'word' | 'other';

// Called for each character: in a vm context, which is where tests run, looking up `Math` costs more than all the rest.
const { imul } = Math;

/** Adds a code unit to the hash of a beginning, which is 0 at first. @see Knuth, TAOCP 3, 6.4 (2^32 / φ) */
export const hashUnit = (hash: number, unit: number) => imul(hash ^ unit, 0x9e3779b1);

/**
 * Forms by how they begin: a hash table with a tree in each slot, so that a reader of a text follows all forms
 * that begin alike at once. It is as large before a form comes as after it left.
 */
export class FormIndex {
  /** The roots of the trees; made with the first form, because many a program run holds none. */
  #slots: (FormNode | undefined)[] = [];
  /** How many forms are kept by a beginning of so many units: fewer than {@link BEGINNING} where they end. */
  readonly #byLength: number[] = Array.from({ length: BEGINNING + 1 }, () => 0);
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /**
   * The forms with a beginning, and perhaps others.
   *
   * @param units how many it has, at most {@link BEGINNING}
   * @param last the last of them
   * @param hash of all of them, by {@link hashUnit}
   */
  withBeginning(units: number, last: number, hash: number): FormNode | undefined {
    if (this.#byLength[units] === 0) return undefined;
    const root = this.#slots[slotOfHash(hash)];
    // Most that share a slot by chance are told apart here.
    return root !== undefined && root.end >= units && unitOf(root.text, units - 1) !== last
      ? undefined
      : root;
  }

  /**
   * Keeps a form.
   *
   * @param text folded but for ASCII, not empty
   * @param kind `short`: one occurrence masks the whole text; `word`: it may be in our own sentences, as a short one may
   * @returns what {@link remove} takes to undo it
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

  /** Puts a node below its parent, or into its slot, in place of the present one. */
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

/** The upper half: in a product, only they depend on all that was multiplied. */
const slotOfHash = (hash: number) => hash >>> 16;

/** Forms of secrets that begin alike: as far as they are equal they share a node, and then branch (a radix tree). */
export interface FormNode {
  /**
   * One of the forms that go through this node, folded but for ASCII: base64 of a token is long, and most are
   * never compared.
   */
  text: string;
  /** Index in `text` of the first code unit of the node. */
  start: number;
  /** Index in `text` after the last code unit of the node. */
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
