/** The names of the generated collection's requests: what `--folder` takes, and what results call them. */
export const GET_TOKEN = 'Get token';
export const PUBLISH_DATA = 'Publish data';

/** The request between these and the requests of another API: it sends nothing, and ends a run. */
export const END_OF_RUN = 'End of a run';

/** Name of the request of the plain HTTP lane that ends a login's session. */
export const END_SESSION = 'End session';
