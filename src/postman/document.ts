import type { JsonObject } from '../text/json.js';

/**
 * The parts of Postman's two file formats that this package writes.
 *
 * @see https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html
 */

/** Values are strings, which are never quoted or cast. */
interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly type?: string | undefined;
}

export interface AuthDocument {
  readonly type: 'bearer' | 'noauth';
  readonly bearer?: readonly KeyValue[];
}

/** A header or field, which can be disabled and have a description. */
export interface Parameter extends KeyValue {
  readonly description?: string;
  readonly disabled?: true;
}

export type BodyDocument =
  | { readonly mode: 'formdata'; readonly formdata: readonly (Parameter | FileField)[] }
  | { readonly mode: 'urlencoded'; readonly urlencoded: readonly Parameter[] }
  | {
      readonly mode: 'raw';
      readonly raw: string;
      readonly options: { readonly raw: { readonly language: string } };
    }
  | { readonly mode: 'file'; readonly file: Readonly<Record<string, never>> };

/** A form-data field for a file, which the sender chooses. */
export interface FileField extends Omit<Parameter, 'value'> {
  readonly type: 'file';
}

interface EventDocument {
  readonly listen: 'prerequest' | 'test';
  readonly script: {
    readonly id: string;
    readonly type: 'text/javascript';
    /** The script's lines, without their ends. */
    readonly exec: readonly string[];
  };
}

export interface RequestDocument {
  readonly method: string;
  readonly description?: string;
  /** Default: that of the folder or collection. */
  readonly auth?: AuthDocument;
  readonly header: readonly Parameter[];
  readonly body?: BodyDocument;
  readonly url: {
    readonly raw: string;
    readonly host: readonly string[];
    readonly path?: readonly string[];
    readonly query?: readonly Parameter[];
  };
}

/** A possible answer to a request, which Postman calls an example. */
export interface ResponseDocument {
  readonly id: string;
  readonly name: string;
  readonly originalRequest: RequestDocument;
  readonly status: string;
  readonly code: number;
  readonly header: readonly Parameter[];
  readonly body: string;
  readonly _postman_previewlanguage: string;
}

export interface ItemDocument {
  readonly id: string;
  readonly name: string;
  readonly event: readonly EventDocument[];
  readonly protocolProfileBehavior: {
    readonly followRedirects: boolean;
    /** Whether a GET request keeps its body. */
    readonly disableBodyPruning?: true;
  };
  readonly request: RequestDocument;
  readonly response?: readonly ResponseDocument[];
}

export interface FolderDocument {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Scripts for each request in the folder. */
  readonly event?: readonly EventDocument[];
  readonly item: readonly (ItemDocument | FolderDocument)[];
}

/** A collection in format v2.1, which Postman, Newman, Bruno and Insomnia import. */
export interface CollectionDocument {
  readonly info: {
    readonly _postman_id: string;
    readonly name: string;
    readonly description: string;
    readonly schema: string;
  };
  readonly auth: AuthDocument;
  readonly item: readonly ItemDocument[];
}

/** A collection with {@link ApiRequests} after the devices' own requests. */
export interface CollectionWithApi extends Omit<CollectionDocument, 'item'> {
  readonly item: readonly (ItemDocument | FolderDocument)[];
}

/** Requests of another API, which follow the devices' own requests. */
export interface ApiRequests {
  readonly folder: FolderDocument;
  /** Variables of the requests: addresses with their values, and empty ones that the user fills in. */
  readonly variables: Readonly<Record<string, string>>;
}

interface EnvironmentValue {
  /** A {@link VariableName}, or one of {@link ApiRequests}. */
  readonly key: string;
  readonly value: string;
  /** Postman masks a `secret` on the screen; it does not encrypt it. */
  readonly type: 'default' | 'secret';
  readonly enabled: true;
}

/** An environment in Postman's format. */
export interface EnvironmentDocument {
  readonly id: string;
  readonly name: string;
  readonly values: readonly EnvironmentValue[];
  readonly _postman_variable_scope: 'environment';
}

/** Every variable that the devices' own requests read or set. */
export const variableNames = [
  'token_url',
  'client_id',
  'scope',
  'body_mode',
  'client_auth',
  'username',
  'password',
  'device_id',
  'device_name',
  'ingestion_url',
  'message_type',
  'id_token',
  'id_token_expires_at',
] as const;

export type VariableName = (typeof variableNames)[number];

/** The text of a document's file: two spaces, a newline at the end. */
export function stringify(document: CollectionDocument | CollectionWithApi | EnvironmentDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Whether a variable, header, field or parameter is disabled. Postman writes `enabled: false` in environments and
 * `disabled: true` in collections; handwritten files mix them up.
 */
export function isSwitchedOff({ enabled, disabled }: JsonObject): boolean {
  const isFalse = (flag: unknown) => flag === false || flag === 'false' || flag === 0;
  return isFalse(enabled) || (Boolean(disabled) && !isFalse(disabled));
}

/** Authorization of every request except the token request. */
export const bearer = {
  type: 'bearer' as const,
  bearer: [{ key: 'token', value: '{{id_token}}', type: 'string' }],
};
