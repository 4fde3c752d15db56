import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../src/text/json.js';

/** A collection as a test edits it. */
export interface Editable {
  [key: string]: unknown;
  info: Record<string, unknown>;
  item: EditableItem[];
}

export interface EditableItem {
  [key: string]: unknown;
  id: string;
  name: string;
  event: { listen: string; script?: Record<string, unknown> }[];
  response?: unknown[];
  protocolProfileBehavior?: Record<string, unknown>;
  request: {
    [key: string]: unknown;
    header?: unknown[];
    body?: unknown;
    description?: unknown;
  };
}

export function itemCalled(collection: JsonObject, name: string): EditableItem {
  const found = (collection as Editable).item.find((item) => item.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** What Postman makes of a collection that it is given: ids of its own, and properties that were not sent. */
export function asPostmanKeepsIt(collection: JsonObject, owner = '12345678'): Editable {
  const keep = (item: Record<string, unknown>): Record<string, unknown> => {
    const id = typeof item['id'] === 'string' ? item['id'] : randomUUID();
    const event = item['event'] as EditableItem['event'] | undefined;
    return {
      ...item,
      id,
      uid: `${owner}-${id}`,
      ...(event && {
        event: event.map((each) =>
          Object.assign({}, each, {
            script: { id: randomUUID(), packages: {}, requests: {}, ...each.script },
          }),
        ),
      }),
      ...(Array.isArray(item['item'])
        ? { item: (item['item'] as Record<string, unknown>[]).map(keep) }
        : { response: item['response'] ?? [] }),
    };
  };
  const copy = JSON.parse(JSON.stringify(collection)) as Editable;
  return { ...copy, item: copy.item.map((item) => keep(item) as EditableItem) };
}
