/** What is asked of the Postman API; the words for it are in prose/postman-api.ts. */
export type ApiCall =
  | 'me'
  | 'workspace'
  | 'collections'
  | 'collection'
  | 'create-collection'
  | 'replace-collection'
  | 'collection-task'
  | 'environments'
  | 'environment'
  | 'create-environment'
  | 'replace-environment';

/** What may be pushed. */
export type ResourceKind = 'collection' | 'environment';
