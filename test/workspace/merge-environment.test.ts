import { describe, expect, test } from '@jest/globals';
import { biotzProfile } from '../../src/platform/profile.js';
import { createEnvironment } from '../../src/postman/environment.js';
import type { Document } from '../../src/workspace/document.js';
import {
  environmentMarker,
  MARKER_VARIABLE,
  mergeEnvironment,
} from '../../src/workspace/merge-environment.js';

type Variable = Record<string, unknown>;

const file = JSON.parse(JSON.stringify(createEnvironment(biotzProfile))) as Document;

const valuesOf = ({ values }: Document) => values as Variable[];
const valueOf = (environment: Document, key: string) =>
  valuesOf(environment).find((each) => each['key'] === key)?.['value'];

/** A copy with some values set; a variable that is not there is added. */
function having(environment: Document, values: Record<string, unknown>): Document {
  const copy = JSON.parse(JSON.stringify(environment)) as Document;
  for (const [key, value] of Object.entries(values)) {
    const found = valuesOf(copy).find((each) => each['key'] === key);
    if (found === undefined) valuesOf(copy).push({ key, value, type: 'default', enabled: true });
    else found['value'] = value;
  }
  return copy;
}

const pushed = mergeEnvironment({}, file).document;

test('a new environment has all variables of the file and one more, disabled, by which it is known again', () => {
  expect(valuesOf(pushed).slice(0, -1)).toEqual(file['values']);
  expect(valuesOf(pushed).at(-1)).toMatchObject({ key: MARKER_VARIABLE, enabled: false, type: 'default' });
  expect(environmentMarker(pushed)?.id).toBe(file['id']);
  expect(mergeEnvironment(pushed, file).changes).toEqual([]);
});

describe('a value', () => {
  test('that nobody changed follows the file', () => {
    const { changes, document } = mergeEnvironment(pushed, having(file, { scope: 'openid email' }));
    expect(changes).toEqual([
      { kind: 'changed', path: 'scope', part: 'value', before: 'openid', after: 'openid email' },
    ]);
    expect(valueOf(document, 'scope')).toBe('openid email');
  });

  test('that somebody changed is kept push after push, and replaced by force', () => {
    const theirs = having(pushed, { scope: 'mine' });
    const ours = having(file, { scope: 'openid email' });
    const first = mergeEnvironment(theirs, ours);
    expect(first).toMatchObject({ changes: [], keptEdits: [{ path: 'scope', part: 'value' }] });
    expect(mergeEnvironment(first.document, ours).keptEdits).toHaveLength(1);
    expect(valueOf(mergeEnvironment(theirs, ours, { force: true }).document, 'scope')).toBe('openid email');
  });

  test('that is empty in the file is for people to fill in, and never emptied, not even by force', () => {
    const theirs = having(pushed, { message_type: 'climate' });
    const { changes, document } = mergeEnvironment(theirs, file, { force: true });
    expect(changes).toEqual([]);
    expect(valueOf(document, 'message_type')).toBe('climate');
  });

  test('of an environment that was imported by hand is kept where it differs, and its marker is added', () => {
    const imported = having(file, { scope: 'mine' });
    const { changes, keptEdits } = mergeEnvironment(imported, file);
    expect(keptEdits).toEqual([{ path: 'scope', part: 'value' }]);
    expect(changes).toMatchObject([{ path: MARKER_VARIABLE, part: 'marker', before: '' }]);
  });
});

test('variables of others stay, in their places and with all that is in them', () => {
  const vault = { key: 'pin', secret: true, source: { provider: 'postman' }, enabled: true };
  const theirs = { ...pushed, values: [vault, ...valuesOf(pushed)] };
  const { document, ofOthers } = mergeEnvironment(theirs, having(file, { new_one: '1' }));
  expect(ofOthers.variables).toEqual(['pin']);
  expect(valuesOf(document)[0]).toEqual(vault);
  expect(
    valuesOf(document)
      .map(({ key }) => key)
      .slice(-2),
  ).toEqual(['new_one', MARKER_VARIABLE]);
});

test('a secret that somebody typed otherwise becomes one again', () => {
  const theirs = JSON.parse(JSON.stringify(pushed)) as Document;
  const password = valuesOf(theirs).find(({ key }) => key === 'password');
  Object.assign(password ?? {}, { type: 'default' });
  expect(mergeEnvironment(theirs, file).changes).toEqual([
    { kind: 'changed', path: 'password', part: 'type', before: 'default', after: 'secret' },
  ]);
});

test('a variable with an odd name keeps its place in the marker', () => {
  const odd = having(file, { 'a =`%é': 'x' });
  const made = mergeEnvironment({}, odd).document;
  expect(mergeEnvironment(made, odd)).toMatchObject({ changes: [], keptEdits: [] });
  expect(mergeEnvironment(made, having(odd, { 'a =`%é': 'y' })).changes).toHaveLength(1);
});
