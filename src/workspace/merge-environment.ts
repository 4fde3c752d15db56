import type { JsonObject } from '../text/json.js';
import { type Change, type Merge, type MergeOptions, withRemoved } from './change.js';
import { objectsIn, textOf } from './document.js';
import { formatMarker, type Marker, readMarker } from './marker.js';
import { mergeVariables } from './merge-variables.js';

/**
 * An environment has no description, so its marker is the value of this variable. The variable is switched off: no
 * request sees it.
 */
export const MARKER_VARIABLE = 'biotz_postman';

const isMarker = (variable: JsonObject) => variable['key'] === MARKER_VARIABLE;

export function environmentMarker(environment: JsonObject): Marker | undefined {
  return readMarker(textOf(objectsIn(environment['values']).find(isMarker)?.['value']));
}

/**
 * Brings an environment in Postman up to date.
 *
 * @param theirs as Postman sent it; empty for a new one
 * @param ours the file
 */
export function mergeEnvironment(
  theirs: JsonObject,
  ours: JsonObject,
  { force = false }: MergeOptions = {},
): Merge<JsonObject> {
  const found = objectsIn(theirs['values']);
  const old = environmentMarker(theirs);
  const merged = mergeVariables(
    found.filter((variable) => !isMarker(variable)),
    objectsIn(ours['values']),
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
