import { Ajv } from 'ajv';

// What the Postman API's OpenAPI document (1.45.0) asks of bodies, as far as a push sends them.

const text = { type: 'string' };
const textOrNothing = { type: ['string', 'null'] };

const event = {
  type: 'object',
  required: ['listen'],
  properties: {
    id: text,
    listen: { enum: ['test', 'prerequest'] },
    script: {
      type: 'object',
      properties: { id: text, type: text, exec: { type: 'array', items: textOrNothing } },
    },
  },
};

const pair = { type: 'object', required: ['key'], properties: { key: text } };

const auth = {
  type: ['object', 'null'],
  required: ['type'],
  properties: {
    // The document leaves out `noauth`, which the collection format has; it calls all its lists partial.
    type: { enum: ['noauth', 'basic', 'bearer', 'apikey', 'digest', 'oauth2'] },
    basic: { type: 'array', items: pair },
    bearer: { type: 'array', items: pair },
  },
};

const request = {
  type: 'object',
  properties: {
    method: text,
    description: textOrNothing,
    auth,
    header: {
      type: 'array',
      items: { type: 'object', required: ['key'], properties: { key: text, value: text } },
    },
    body: {
      type: ['object', 'null'],
      properties: { mode: { enum: ['raw', 'urlencoded', 'formdata', 'file', 'graphql'] } },
    },
    url: {
      anyOf: [
        textOrNothing,
        {
          type: 'object',
          properties: {
            raw: text,
            host: { type: 'array', items: text },
            path: { type: 'array', items: text },
          },
        },
      ],
    },
  },
};

/** @param needsIds a replacement's items have ids; in a new collection they mean nothing */
function collectionSchema(needsIds: boolean) {
  return {
    type: 'object',
    required: ['collection'],
    additionalProperties: false,
    properties: {
      collection: {
        type: 'object',
        required: ['info', 'item'],
        properties: {
          info: {
            type: 'object',
            required: ['name', 'schema'],
            properties: {
              name: text,
              description: text,
              schema: { const: 'https://schema.postman.com/json/collection/v2.1.0/collection.json' },
            },
          },
          item: { type: 'array', items: { $ref: '#/definitions/item' } },
          auth,
          event: { type: 'array', items: event },
          variable: { type: 'array', items: { type: 'object' } },
        },
      },
    },
    definitions: {
      item: {
        type: 'object',
        ...(needsIds && { required: ['id'] }),
        properties: {
          id: text,
          name: text,
          description: textOrNothing,
          event: { type: 'array', items: event },
          request,
          response: { type: 'array', items: { type: 'object' } },
          item: { type: 'array', items: { $ref: '#/definitions/item' } },
        },
      },
    },
  };
}

const environmentSchema = {
  type: 'object',
  required: ['environment'],
  additionalProperties: false,
  properties: {
    environment: {
      type: 'object',
      required: ['name'],
      properties: {
        name: text,
        values: {
          type: 'array',
          items: {
            type: 'object',
            required: ['key', 'value'],
            properties: {
              key: text,
              value: text,
              type: { enum: ['secret', 'default'] },
              enabled: { type: 'boolean' },
              description: { type: 'string', maxLength: 512 },
            },
          },
        },
      },
    },
  },
};

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const validators = {
  'POST collection': ajv.compile(collectionSchema(false)),
  'PUT collection': ajv.compile(collectionSchema(true)),
  'POST environment': ajv.compile(environmentSchema),
  'PUT environment': ajv.compile(environmentSchema),
};

/** What is wrong with a body, in the API's way of saying it. */
export function faultsOf(
  method: string,
  kind: 'collection' | 'environment',
  body: unknown,
): readonly string[] {
  const validate = validators[`${method} ${kind}` as keyof typeof validators];
  if (validate(body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
