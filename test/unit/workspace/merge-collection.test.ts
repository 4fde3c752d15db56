import { describe, expect, test } from '@jest/globals';
import { createCollection } from '../../../src/postman/collection.js';
import { isMadeFrom } from '../../../src/workspace/collection.js';
import type { JsonObject } from '../../../src/text/json.js';
import { mergeCollection } from '../../../src/workspace/merge-collection.js';
import { newCollection } from '../../../src/workspace/new-collection.js';
import { asPostmanKeepsIt, type Editable, type EditableItem, itemCalled } from './collections.js';

const UID = '12345678-64264c93-3a2c-49e3-8e3f-16568dd8fb83';

const file = JSON.parse(JSON.stringify(await createCollection())) as JsonObject;

/** The collection as it is in Postman after the first push, and then edited. */
function pushed(edit: (collection: Editable) => void = () => undefined): JsonObject {
  const collection = asPostmanKeepsIt(newCollection(file));
  edit(collection);
  return collection;
}

/** The file of a later version. */
function later(edit: (collection: Editable) => void): JsonObject {
  const collection = JSON.parse(JSON.stringify(file)) as Editable;
  edit(collection);
  return collection;
}

function merge(theirs: JsonObject, ours = file, force = false) {
  return mergeCollection(theirs, ours, UID, { force });
}

test('a document that was just pushed needs no change, whatever Postman added to it', () => {
  const { changes, keptEdits, ofOthers, noLongerMade } = merge(pushed());
  expect({ changes, keptEdits, noLongerMade }).toEqual({ changes: [], keptEdits: [], noLongerMade: [] });
  expect(ofOthers).toEqual({ requests: [], folders: [], variables: [], examples: 0 });
});

test('no id of the file is sent for a new collection', () => {
  const sent = JSON.stringify(newCollection(file));
  expect(sent).not.toContain('"id":');
  expect(sent).not.toContain('_postman_id');
});

test('a later version changes method, URL, authorization, headers, scripts and settings, and names each', () => {
  const ours = later((collection) => {
    const item = itemCalled(collection, 'Get token');
    Object.assign(item.request, { method: 'PUT', url: { raw: '{{other_url}}', host: ['{{other_url}}'] } });
    Object.assign(item.request, {
      auth: { type: 'basic', basic: [{ key: 'username', value: '{{client_id}}' }] },
    });
    item.request.header = [{ key: 'Accept', value: 'application/json' }];
    item.event = [{ listen: 'test', script: { exec: ['// another'], type: 'text/javascript' } }];
    item.protocolProfileBehavior = { followRedirects: true };
  });
  const there = pushed();
  const { changes, document } = merge(there, ours);
  expect(changes.map((change) => (change.kind === 'changed' ? change.part : change.kind))).toEqual([
    'method',
    'URL',
    'authorization',
    'headers',
    'test script',
    'settings',
  ]);
  const theirs = itemCalled(there, 'Get token');
  const item = itemCalled(document, 'Get token');
  expect(item.id).toBe(theirs.id);
  expect(item.event.find(({ listen }) => listen === 'test')?.script).toMatchObject({
    exec: ['// another'],
    packages: {},
  });
  // Ours has no script before any more; the one that is there is not ours to judge.
  expect(item.event).toHaveLength(2);
  expect(merge(document, ours).changes).toEqual([]);
});

describe('what people added survives', () => {
  const theirs = pushed((collection) => {
    const token = itemCalled(collection, 'Get token');
    token.response = [{ id: 'e1', name: 'A good day', code: 200 }];
    token.request.header = [{ key: 'X-Team', value: 'blue' }];
    token.protocolProfileBehavior = { ...token.protocolProfileBehavior, strictSSL: true };
    collection.item.unshift({
      id: 'r1',
      uid: '1-r1',
      name: 'Their request',
      event: [],
      request: { method: 'GET', url: 'https://example.org' },
    });
    collection.item.push({
      id: 'f1',
      name: 'Their folder',
      event: [],
      item: [],
      request: undefined,
    } as never);
    Object.assign(collection, { variable: [{ key: 'theirs', value: '1' }], event: [{ listen: 'test' }] });
    Object.assign(collection.info, { name: 'Our devices', somethingNew: { a: 1 } });
  });
  const ours = later((collection) => {
    itemCalled(collection, 'Get token').request.header = [{ key: 'Accept', value: 'application/json' }];
  });
  const { document, ofOthers, keptEdits } = merge(theirs, ours);

  test('requests, folders, examples, headers, settings, variables, scripts, the name and unknown properties', () => {
    expect(ofOthers).toEqual({
      requests: ['Their request'],
      folders: ['Their folder'],
      variables: ['theirs'],
      examples: 1,
    });
    expect(keptEdits).toEqual([]);
    const item = (document as Editable).item;
    expect(item.map(({ name }) => name)).toEqual([
      'Their request',
      'Get token',
      'Publish data',
      'Their folder',
    ]);
    expect(item[0]).toEqual((theirs as Editable).item[0]);
    const token = itemCalled(document, 'Get token');
    expect(token.response).toEqual([{ id: 'e1', name: 'A good day', code: 200 }]);
    expect(token.request.header).toEqual([
      { key: 'Accept', value: 'application/json' },
      { key: 'X-Team', value: 'blue' },
    ]);
    expect(token.protocolProfileBehavior).toEqual({ followRedirects: false, strictSSL: true });
    expect(document).toMatchObject({
      variable: [{ key: 'theirs', value: '1' }],
      event: [{ listen: 'test' }],
      info: { name: 'Our devices', somethingNew: { a: 1 } },
    });
  });

  test('their place: a request of ours that was moved into a folder is found there', () => {
    const moved = pushed((collection) => {
      const [token, ...rest] = collection.item;
      const folder = { id: 'f1', name: 'Login', event: [], item: [token] };
      collection.item = [folder as never, ...rest];
    });
    const { changes, document: merged } = merge(moved, ours);
    expect(changes).toMatchObject([{ path: 'Login / Get token', part: 'headers' }]);
    expect((merged as Editable).item).toHaveLength(2);
  });

  test('a copy of a generated request, including its marker', () => {
    const copied = pushed((collection) => {
      const copy = JSON.parse(
        JSON.stringify(itemCalled(collection, 'Get token')),
      ) as Editable['item'][number];
      collection.item.unshift({ ...copy, id: 'copy', name: 'Get token Copy' });
    });
    const { changes, ofOthers: kept, document: merged } = merge(copied, ours);
    expect(changes).toMatchObject([{ path: 'Get token', part: 'headers' }]);
    expect(kept.requests).toEqual(['Get token Copy']);
    expect((merged as Editable).item[0]).toEqual((copied as Editable).item[0]);
  });
});

describe('a description or body', () => {
  const ours = later((collection) => {
    const item = itemCalled(collection, 'Publish data');
    item.request.description = 'The new words.';
    item.request.body = { mode: 'raw', raw: '{ "new": true }' };
  });

  test('that was not edited follows the file', () => {
    const { changes, keptEdits, document } = merge(pushed(), ours);
    expect(changes.map((change) => (change.kind === 'changed' ? change.part : ''))).toEqual([
      'body',
      'description',
    ]);
    expect(keptEdits).toEqual([]);
    expect(itemCalled(document, 'Publish data').request.description).toMatch(
      /^The new words\.\n\n`biotz-postman /,
    );
  });

  test('that was edited is kept and reported, permanently', () => {
    const edited = pushed((collection) => {
      const item = itemCalled(collection, 'Publish data');
      item.request.description = `Ask Kim first.\n\n${String(item.request.description)}`;
      item.request.body = { mode: 'raw', raw: '{ "temp": 1 }' };
    });
    const first = merge(edited, ours);
    expect(first).toMatchObject({
      changes: [],
      keptEdits: [
        { path: 'Publish data', part: 'body' },
        { path: 'Publish data', part: 'description' },
      ],
    });
    expect(merge(edited, ours, true).changes).toHaveLength(2);
    expect(merge(first.document, file).keptEdits).toHaveLength(2);
  });

  test('that was overwritten, including its marker, is kept and gets its marker back', () => {
    const edited = pushed((collection) => {
      itemCalled(collection, 'Publish data').request.description = 'Mine.';
    });
    const { changes, keptEdits, document } = merge(edited, ours);
    expect(keptEdits).toEqual([
      { path: 'Publish data', part: 'body' },
      { path: 'Publish data', part: 'description' },
    ]);
    expect(changes).toMatchObject([{ path: 'Publish data', part: 'marker', before: '' }]);
    expect(itemCalled(document, 'Publish data').request.description).toMatch(/^Mine\.\n\n`biotz-postman /);
    expect(merge(document, ours).changes).toEqual([]);
  });
});

test('a request that was deleted is created again, with an id that no other collection has', () => {
  const theirs = pushed((collection) => {
    collection.item = collection.item.filter(({ name }) => name !== 'Publish data');
  });
  const { changes, document } = merge(theirs);
  expect(changes).toEqual([{ kind: 'added', what: 'request', path: 'Publish data' }]);
  const { id } = itemCalled(document, 'Publish data');
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(id).not.toBe(itemCalled(file, 'Publish data').id);
  expect(itemCalled(mergeCollection(theirs, file, '1-other').document, 'Publish data').id).not.toBe(id);
});

test('an item that is created again comes before the next item of the file: a run still ends before the folder of an API', () => {
  const withFolder = later(({ item }) => {
    const [first] = item;
    item.push({ ...first, id: 'b5a7d1f0-0000-4000-8000-000000000001', name: 'End of a run' } as EditableItem);
    item.push({ id: 'b5a7d1f0-0000-4000-8000-000000000002', name: 'API', item: [] } as never);
  });
  const there = asPostmanKeepsIt(newCollection(withFolder));
  there.item = there.item.filter(({ name }) => name !== 'End of a run' && name !== 'Get token');
  const { document } = merge(there, withFolder);
  expect((document as Editable).item.map(({ name }) => name)).toEqual([
    'Get token',
    'Publish data',
    'End of a run',
    'API',
  ]);
});

test('an item that the file no longer has stays, and is named', () => {
  const ours = later((collection) => {
    collection.item = collection.item.filter(({ name }) => name !== 'Publish data');
  });
  const { changes, noLongerMade, ofOthers, document } = merge(pushed(), ours);
  expect({ changes, noLongerMade, requests: ofOthers.requests }).toEqual({
    changes: [],
    noLongerMade: ['Publish data'],
    requests: [],
  });
  expect((document as Editable).item).toHaveLength(2);
});

test('a folder of ours is created with its items, except those that were moved elsewhere', () => {
  const withFolder = later((collection) => {
    collection.item = [
      {
        id: '0b0e4b5c-2a52-5c0b-9d3e-3a1f6f0f8a11',
        name: 'Devices',
        item: collection.item,
        description: 'All.',
      } as never,
    ];
  });
  const made = asPostmanKeepsIt(newCollection(withFolder));
  expect(merge(made, withFolder).changes).toEqual([]);
  const [folder] = made.item as unknown as { item: Editable['item'] }[];
  made.item = (folder?.item ?? []).slice(0, 1);
  const { changes, document } = merge(made, withFolder);
  expect(changes).toEqual([
    { kind: 'added', what: 'folder', path: 'Devices' },
    { kind: 'added', what: 'request', path: 'Devices / Publish data' },
  ]);
  expect(document).toMatchObject({
    item: [{ name: 'Get token' }, { name: 'Devices', item: [{ name: 'Publish data' }] }],
  });
});

test("a collection is recognised by its marker, or by an item's marker if its own was removed", () => {
  expect(isMadeFrom(pushed(), file)).toBe(true);
  const edited = pushed((collection) => void (collection.info['description'] = 'Mine.'));
  expect(isMadeFrom(edited, file)).toBe(true);
  for (const item of (edited as Editable).item) item.request.description = null;
  expect(isMadeFrom(edited, file)).toBe(false);
  const other = later((collection) => void (collection.info['_postman_id'] = UID.slice(9)));
  expect(isMadeFrom(asPostmanKeepsIt(newCollection(other)), file)).toBe(false);
});
