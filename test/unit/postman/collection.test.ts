import { expect, test } from '@jest/globals';
import sdk from 'postman-collection';
import { biotzProfile } from '../../../src/platform/profile.js';
import { createCollection } from '../../../src/postman/collection.js';
import { stringify } from '../../../src/postman/document.js';
import { createEnvironment } from '../../../src/postman/environment.js';
import type { Templates } from '../../../src/postman/templates.js';
import { device } from './fixture.js';
import { golden } from './golden.js';

/** So short that the golden files show the shape, not the texts. */
const templates: Templates = {
  description: 'About the collection.',
  getTokenDescription: 'About the token.',
  getTokenPrerequest: "'use sandbox2';\n// before",
  getTokenTest: "'use sandbox2';\n// after",
  publishDataDescription: 'About publishing.',
  publishDataPrerequest: '// before',
  publishDataTest: "const reasons = /* generate: reasons */ {};\nreasons['publish-refused'];",
  publishDataBody: '{"hum":20.5}',
};

test('the collection for import follows the variables', async () => {
  const text = stringify(await createCollection(biotzProfile, { templates }));
  expect(text).toBe(await golden('collection.json', text));
});

test('the collection for a run follows the profile', async () => {
  const profile = { ...biotzProfile, clientId: 'a b', bodyMode: 'urlencoded', clientAuth: 'basic' } as const;
  const text = stringify(await createCollection(profile, { templates, switches: 'fixed', payload: '[1]' }));
  expect(text).toBe(await golden('collection.fixed.json', text));
});

test('the shared environment has every variable and no secret', async () => {
  const text = stringify(createEnvironment());
  expect(text).toBe(await golden('environment.json', text));
});

test("a device's environment has that device's values", async () => {
  const text = stringify(createEnvironment(biotzProfile, { device: device(1), messageType: 'weather' }));
  expect(text).toBe(await golden('environment.device.json', text));
});

test('without arguments a collection is made from the package templates, with the same result every time', async () => {
  const [one, two] = await Promise.all([createCollection(), createCollection()]);
  expect(stringify(one)).toBe(stringify(two));
  const scripts = one.item.flatMap(({ event }) => event.map(({ script }) => script.exec));
  expect(scripts).toHaveLength(4);
  for (const [first] of scripts) expect(first).toBe("'use sandbox2';");
  expect(scripts.flat().join('\n')).not.toContain('generate:');
});

test("Postman's own library reads the collection as intended", async () => {
  const collection = new sdk.Collection(JSON.parse(stringify(await createCollection())));
  const requests: unknown[] = [];
  collection.forEachItem(({ name, request, events }) =>
    requests.push({
      name,
      method: request.method,
      url: request.url.toString(),
      auth: request.auth?.type,
      body: request.body?.mode,
      events: events.map(({ listen }) => listen),
    }),
  );
  const events = ['prerequest', 'test'];
  expect(collection.auth?.type).toBe('bearer');
  expect(requests).toEqual([
    { name: 'Get token', method: 'POST', url: '{{token_url}}', auth: 'noauth', body: 'formdata', events },
    {
      name: 'Publish data',
      method: 'POST',
      url: '{{ingestion_url}}/api/device/publish/data/{{message_type}}',
      auth: 'bearer',
      body: 'raw',
      events,
    },
  ]);
});

test('every id is unique', async () => {
  const text =
    stringify(await createCollection()) +
    stringify(createEnvironment()) +
    stringify(createEnvironment(biotzProfile, { device: device(1) }));
  const ids = [...text.matchAll(/"(?:_postman_)?id": "([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('values stay strings that no program casts', () => {
  const name = '00123';
  const secret = '1e5';
  const { values } = createEnvironment(biotzProfile, { device: device(1, { name, secret }) });
  const find = (wanted: string) => values.find(({ key }) => key === wanted)?.value;
  expect([find('device_name'), find('password')]).toEqual([name, secret]);
});
