import { describe, expect, test } from '@jest/globals';
import { biotzProfile } from '../../../src/platform/profile.js';
import { createEnvironment } from '../../../src/postman/environment.js';
import type { JsonObject } from '../../../src/text/json.js';
import {
  environmentMarker,
  MARKER_VARIABLE,
  mergeEnvironment,
} from '../../../src/workspace/merge-environment.js';
import { mergeVariables } from '../../../src/workspace/merge-variables.js';
import { environmentResource } from '../../../src/workspace/resource.js';

type Variable = Record<string, unknown>;

const file = JSON.parse(JSON.stringify(createEnvironment(biotzProfile))) as JsonObject;

const valuesOf = ({ values }: JsonObject) => values as Variable[];
const valueOf = (environment: JsonObject, key: string) =>
  valuesOf(environment).find((each) => each['key'] === key)?.['value'];

/** A copy with some values set; a variable that does not exist is added. */
function having(environment: JsonObject, values: Record<string, unknown>): JsonObject {
  const copy = JSON.parse(JSON.stringify(environment)) as JsonObject;
  for (const [key, value] of Object.entries(values)) {
    const found = valuesOf(copy).find((each) => each['key'] === key);
    if (found === undefined) valuesOf(copy).push({ key, value, type: 'default', enabled: true });
    else found['value'] = value;
  }
  return copy;
}

const pushed = mergeEnvironment({}, file).document;

test('a new environment has all variables of the file and one more, disabled, which identifies it', () => {
  expect(valuesOf(pushed).slice(0, -1)).toEqual(file['values']);
  expect(valuesOf(pushed).at(-1)).toMatchObject({ key: MARKER_VARIABLE, enabled: false, type: 'default' });
  expect(environmentMarker(pushed)?.id).toBe(file['id']);
  expect(mergeEnvironment(pushed, file).changes).toEqual([]);
});

describe('a value', () => {
  test('that was not changed follows the file', () => {
    const { changes, document } = mergeEnvironment(pushed, having(file, { scope: 'openid email' }));
    expect(changes).toEqual([
      { kind: 'changed', path: 'scope', part: 'value', before: 'openid', after: 'openid email' },
    ]);
    expect(valueOf(document, 'scope')).toBe('openid email');
  });

  test('that was changed is kept push after push, and replaced by force', () => {
    const theirs = having(pushed, { scope: 'mine' });
    const ours = having(file, { scope: 'openid email' });
    const first = mergeEnvironment(theirs, ours);
    expect(first).toMatchObject({ changes: [], keptEdits: [{ path: 'scope', part: 'value' }] });
    expect(mergeEnvironment(first.document, ours).keptEdits).toHaveLength(1);
    expect(valueOf(mergeEnvironment(theirs, ours, { force: true }).document, 'scope')).toBe('openid email');
  });

  test('that was empty in both follows the file: a message type, or the references to a vault', () => {
    const ours = having(file, { message_type: 'climate', password: '{{vault:biotz-password}}' });
    const { keptEdits, document } = mergeEnvironment(pushed, ours);
    expect(keptEdits).toEqual([]);
    expect(valueOf(document, 'message_type')).toBe('climate');
    expect(valueOf(document, 'password')).toBe('{{vault:biotz-password}}');
    const emptied = having(document, { message_type: '' });
    expect(mergeEnvironment(emptied, ours).keptEdits).toEqual([{ path: 'message_type', part: 'value' }]);
  });

  test('is not an edit after a file that left it empty', () => {
    const filled = mergeEnvironment(pushed, having(file, { message_type: 'climate' })).document;
    const theirs = having(filled, { constructor: 'x' });
    const { changes, document } = mergeEnvironment(theirs, file);
    expect(changes).toEqual([]);
    const third = mergeEnvironment(document, having(file, { message_type: 'weather' }));
    expect(third.keptEdits).toEqual([]);
    expect(valueOf(third.document, 'message_type')).toBe('weather');
  });

  test('that is empty in the file is for people to fill in, and never emptied, not even by force', () => {
    const theirs = having(pushed, { message_type: 'climate' });
    const { changes, document } = mergeEnvironment(theirs, file, { force: true });
    expect(changes).toEqual([]);
    expect(valueOf(document, 'message_type')).toBe('climate');
  });

  test('of an environment that was imported by hand is kept if it differs, and a marker is added', () => {
    const imported = having(file, { scope: 'mine' });
    const { changes, keptEdits } = mergeEnvironment(imported, file);
    expect(keptEdits).toEqual([{ path: 'scope', part: 'value' }]);
    expect(changes).toMatchObject([{ path: MARKER_VARIABLE, part: 'marker', before: '' }]);
  });
});

test('variables of other users stay in their places, with all their properties', () => {
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

test('a secret whose type was changed becomes a secret again', () => {
  const theirs = JSON.parse(JSON.stringify(pushed)) as JsonObject;
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

describe('a variable that exists twice', () => {
  const site = (value: string, enabled: boolean) => ({ key: 'site', value, type: 'default', enabled });
  const changed = having(file, { scope: 'openid email' });
  const sitesOf = (theirs: JsonObject) =>
    valuesOf(theirs).filter(({ key }) => typeof key === 'string' && key.toLowerCase() === 'site');

  test.each([
    ['switched off after it', [site('north', true), site('south', false)], 'north', 'disabled'],
    ['switched off before it', [site('north', false), site('south', true)], 'south', 'disabled'],
    ['switched on both times', [site('north', true), site('south', true)], 'south', 'overridden'],
    ['switched off both times', [site('north', false), site('south', false)], 'south', 'disabled'],
  ])('%s goes to Postman once, as it counts there, and is named', (_what, sites, value, because) => {
    const theirs = { ...pushed, values: [...valuesOf(pushed), ...sites] };
    const { document, changes } = mergeEnvironment(theirs, changed);
    expect(sitesOf(document)).toMatchObject([{ value }]);
    expect(changes).toContainEqual({ kind: 'removed', what: 'variable', path: 'site', because });
    expect(environmentResource.lost(theirs, document, file)).toEqual([]);
  });

  test('is no reason to write', () => {
    const theirs = { ...pushed, values: [...valuesOf(pushed), site('north', true), site('south', false)] };
    expect(mergeEnvironment(theirs, file).changes).toEqual([]);
  });

  test('is another one in another case', () => {
    const theirs = {
      ...pushed,
      values: [...valuesOf(pushed), site('a', true), { ...site('b', true), key: 'Site' }],
    };
    expect(sitesOf(mergeEnvironment(theirs, changed).document)).toHaveLength(2);
  });

  test('in the file counts once, too: the one that is switched on', () => {
    const scopes = [
      { key: 'scope', value: 'mine', type: 'default', enabled: true },
      { key: 'scope', value: 'off', type: 'default', enabled: false },
    ];
    const ours = { ...file, values: [...valuesOf(file).filter(({ key }) => key !== 'scope'), ...scopes] };
    const { document } = mergeEnvironment(pushed, ours);
    expect(valuesOf(document).filter(({ key }) => key === 'scope')).toMatchObject([{ value: 'mine' }]);
    const made = mergeEnvironment({}, ours).document;
    expect(valuesOf(made).filter(({ key }) => key === 'scope')).toMatchObject([{ value: 'mine' }]);
  });

  test('in a collection goes there once', () => {
    const variable = [
      { key: 'a', value: '1' },
      { key: 'a', value: '2', disabled: true },
    ];
    const merged = mergeVariables(variable, [], {}, false);
    expect(merged.values).toEqual([{ key: 'a', value: '1' }]);
    expect(merged.removed).toMatchObject([{ path: 'a', because: 'disabled' }]);
  });
});
