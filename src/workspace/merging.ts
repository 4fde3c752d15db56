import type { Change, KeptEdit } from './change.js';
import { type Document, documentsIn, textOf } from './document.js';
import { decide } from './edited-text.js';
import type { Part } from './item-parts.js';
import { formatMarker, type Marker, withMarker, withoutMarker } from './marker.js';
import { mergeVariables } from './merge-variables.js';
import { DESCRIPTION, withoutIds } from './new-collection.js';

/** Gathers what a merge of collections changes and keeps. */
export class Merging {
  readonly changes: Change[] = [];
  readonly keptEdits: KeptEdit[] = [];
  removed: readonly Change[] = [];
  otherExamples = 0;
  otherVariables: readonly string[] = [];
  readonly force: boolean;

  constructor(force: boolean) {
    this.force = force;
  }

  /**
   * @param path of a request or folder, '' for the collection
   * @param id that it has in the file
   * @param marker that it has in Postman
   */
  at(path: string, id: string, marker: Marker | undefined): Place {
    return new Place(this, path, id, marker);
  }
}

/** One request, folder or collection. Its description comes last: the marker in it notes the rest. */
class Place {
  readonly #merging: Merging;
  readonly #path: string;
  readonly #id: string;
  readonly #marker: Marker | undefined;
  readonly #written: Record<string, string> = {};

  constructor(merging: Merging, path: string, id: string, marker: Marker | undefined) {
    this.#merging = merging;
    this.#path = path;
    this.#id = id;
    this.#marker = marker;
  }

  /** @returns theirs, with this part from ours where that is what counts */
  part(part: Part, theirs: Document, ours: Document): Document {
    const [before, after] = [part.read(theirs, ours), part.read(ours, ours)];
    if (part.isForPeople === true && !this.#takesOurs(part.name, before, after)) return theirs;
    if (before === after) return theirs;
    this.#changed(part.name, before, after);
    return part.replace(theirs, ours);
  }

  /** Those of ours that are not there by name are added. */
  examples(theirs: Document, ours: Document): Document {
    const found = documentsIn(theirs['response']);
    const own = documentsIn(ours['response']);
    const names = (examples: readonly Document[]) => new Set(examples.map(({ name }) => textOf(name)));
    const [foundNames, ownNames] = [names(found), names(own)];
    this.#merging.otherExamples += found.filter(({ name }) => !ownNames.has(textOf(name))).length;
    const missing = own.filter(({ name }) => !foundNames.has(textOf(name)));
    for (const { name } of missing) {
      const path = `${this.#path} / ${textOf(name)}`;
      this.#merging.changes.push({ kind: 'added', what: 'example', path });
    }
    return missing.length === 0 ? theirs : { ...theirs, response: [...found, ...missing.map(withoutIds)] };
  }

  variables(theirs: readonly Document[], ours: readonly Document[]): readonly Document[] {
    const { force } = this.#merging;
    const merged = mergeVariables(theirs, ours, this.#marker?.written ?? {}, force);
    this.#merging.changes.push(...merged.changes);
    this.#merging.removed = merged.removed;
    this.#merging.keptEdits.push(...merged.keptEdits);
    this.#merging.otherVariables = merged.ofOthers;
    Object.assign(this.#written, merged.written);
    return merged.values;
  }

  /** @returns the description to write, with its marker; `undefined` where what is there can stay */
  description(theirs: string, ours: string): string | undefined {
    const before = withoutMarker(theirs);
    const text = this.#takesOurs(DESCRIPTION, before, ours) ? ours : before;
    const marker = { id: this.#id, written: this.#written };
    const [was, is] = [this.#marker === undefined ? '' : formatMarker(this.#marker), formatMarker(marker)];
    if (text !== before) this.#changed(DESCRIPTION, before, text);
    else if (was === is) return undefined;
    else this.#changed('marker', was, is);
    return withMarker(text, marker);
  }

  /** For what people may edit. */
  #takesOurs(name: string, theirs: string, ours: string): boolean {
    const { take, edited, written } = decide(ours, theirs, this.#marker?.written[name], this.#merging.force);
    if (written !== undefined) this.#written[name] = written;
    if (edited) this.#merging.keptEdits.push({ path: this.#path, part: name });
    return take === 'ours';
  }

  #changed(part: string, before: string, after: string): void {
    this.#merging.changes.push({ kind: 'changed', path: this.#path, part, before, after });
  }
}
