/** What `generate` writes for everybody: no secret is in it. */
export const COLLECTION_FILE = 'biotz.postman_collection.json';
export const SHARED_ENVIRONMENT_FILE = 'biotz.shared.postman_environment.json';
export const USER_ENVIRONMENT_FILE = 'biotz.user.postman_environment.json';
