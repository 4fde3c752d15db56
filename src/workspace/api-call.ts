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

/** Which of the files to push it is: the shared environment, or that of a user. Its option is called so, with `-uid`. */
export type SourceRole = 'collection' | 'environment' | 'user-environment';
