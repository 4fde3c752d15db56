import { type Change, type Merge, type MergeOptions, withRemoved } from './change.js';
import { type Document, documentsIn, textOf } from './document.js';
import { formatMarker, type Marker, readMarker } from './marker.js';
import { mergeVariables } from './merge-variables.js';

/**
 * An environment has no description, so that its marker is the value of this variable. It is disabled: no
 * request sees it.
 */
export const MARKER_VARIABLE = 'biotz_postman';

const isMarker = (variable: Document) => variable['key'] === MARKER_VARIABLE;

export function environmentMarker(environment: Document): Marker | undefined {
  return readMarker(textOf(documentsIn(environment['values']).find(isMarker)?.['value']));
}

/**
 * The environment with ours brought up to date.
 *
 * @param theirs as Postman gave it, or an empty one for one that is made
 * @param ours the file
 */
export function mergeEnvironment(
  theirs: Document,
  ours: Document,
  { force = false }: MergeOptions = {},
): Merge<Document> {
  const found = documentsIn(theirs['values']);
  const old = environmentMarker(theirs);
  const merged = mergeVariables(
    found.filter((variable) => !isMarker(variable)),
    documentsIn(ours['values']),
    old?.written ?? {},
    force,
  );
  const value = formatMarker({ id: textOf(ours['id']), written: merged.written });
  const marker = { ...found.find(isMarker), key: MARKER_VARIABLE, value, type: 'default', enabled: false };
  const before = old === undefined ? '' : formatMarker(old);
  const changes: Change[] = [...merged.changes];
  if (before !== value && changes.length === 0)
    changes.push({ kind: 'changed', path: MARKER_VARIABLE, part: 'marker', before, after: value });
  return {
    document: { ...theirs, name: theirs['name'] ?? ours['name'], values: [...merged.values, marker] },
    changes: withRemoved(changes, merged.removed),
    keptEdits: merged.keptEdits,
    ofOthers: { requests: [], folders: [], examples: 0, variables: merged.ofOthers },
    noLongerMade: [],
  };
}
