/**
 * The parts of Postman's two file formats that this package writes.
 *
 * @see https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html
 */

/** Values are strings; whoever writes one quotes nothing and casts nothing. */
interface KeyValue {
  readonly key: string;
  readonly value: string;
  readonly type?: string | undefined;
}

export interface AuthDocument {
  readonly type: 'bearer' | 'noauth';
  readonly bearer?: readonly KeyValue[];
}

type BodyDocument =
  | { readonly mode: 'formdata'; readonly formdata: readonly KeyValue[] }
  | { readonly mode: 'urlencoded'; readonly urlencoded: readonly KeyValue[] }
  | {
      readonly mode: 'raw';
      readonly raw: string;
      readonly options: { readonly raw: { readonly language: 'json' } };
    };

interface EventDocument {
  readonly listen: 'prerequest' | 'test';
  readonly script: {
    readonly id: string;
    readonly type: 'text/javascript';
    /** The script's lines, without their ends. */
    readonly exec: readonly string[];
  };
}

export interface ItemDocument {
  readonly id: string;
  readonly name: string;
  readonly event: readonly EventDocument[];
  readonly protocolProfileBehavior: { readonly followRedirects: boolean };
  readonly request: {
    readonly method: 'POST';
    readonly description: string;
    readonly auth?: AuthDocument;
    readonly header: readonly KeyValue[];
    readonly body: BodyDocument;
    readonly url: {
      readonly raw: string;
      readonly host: readonly string[];
      readonly path?: readonly string[];
    };
  };
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

interface EnvironmentValue {
  /** A {@link VariableName}. */
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

/** Every variable that the collection reads or sets. */
export type VariableName =
  | 'token_url'
  | 'client_id'
  | 'scope'
  | 'body_mode'
  | 'client_auth'
  | 'username'
  | 'password'
  | 'device_id'
  | 'device_name'
  | 'ingestion_url'
  | 'message_type'
  | 'id_token'
  | 'id_token_expires_at';

/** The text of a document's file: two spaces, a newline at the end. */
export function stringify(document: CollectionDocument | EnvironmentDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
