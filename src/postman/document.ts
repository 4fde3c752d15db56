import type { JsonObject } from '../text/json.js';

/**
 * The parts of Postman's two file formats that this package writes.
 *
 * @see https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html
 */

/** Values are strings, without quotes or casts. */
interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly type?: string | undefined;
}

export interface AuthDocument {
  readonly type: 'bearer' | 'noauth';
  readonly bearer?: readonly KeyValue[];
}

/** A header or field that can be switched off, and says what it is for. */
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

/** A field of form-data for a file, which the user who sends it chooses. */
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
  /** Absent: as the folder or collection has it. */
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

/** What a request was answered once, or would be: Postman calls it an example. */
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
    /** Whether a GET request has a body, too. */
    readonly disableBodyPruning?: true;
  };
  readonly request: RequestDocument;
  readonly response?: readonly ResponseDocument[];
}

export interface FolderDocument {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Runs at each request in it. */
  readonly event?: readonly EventDocument[];
  readonly item: readonly (ItemDocument | FolderDocument)[];
}

/** A collection, format v2.1: what Postman, Newman, Bruno and Insomnia import. */
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

/** The same with {@link ApiRequests} behind the devices' own. */
export interface CollectionWithApi extends Omit<CollectionDocument, 'item'> {
  readonly item: readonly (ItemDocument | FolderDocument)[];
}

/** Requests of another API, to be put into the collection after the devices' own. */
export interface ApiRequests {
  readonly folder: FolderDocument;
  /** The variables that they use, with their values: addresses, and empty ones for the user to fill in. */
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

/** An environment, as Postman exports and imports it. */
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
 * Whether a variable, header, field or parameter is switched off. Postman writes `enabled: false` in environments and
 * `disabled: true` in collections; files written by hand mix them up.
 */
export function isSwitchedOff({ enabled, disabled }: JsonObject): boolean {
  const isFalse = (flag: unknown) => flag === false || flag === 'false' || flag === 0;
  return isFalse(enabled) || (Boolean(disabled) && !isFalse(disabled));
}

/** What authorizes every request but the one that asks for the token. */
export const bearer = {
  type: 'bearer' as const,
  bearer: [{ key: 'token', value: '{{id_token}}', type: 'string' }],
};
