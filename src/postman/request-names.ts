/** The names of the generated collection's requests: what `--folder` takes, and what results call them. */
export const GET_TOKEN = 'Get token';
export const PUBLISH_DATA = 'Publish data';
