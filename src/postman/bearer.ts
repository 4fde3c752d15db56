/** What authorizes every request but the one that asks for the token. */
export const bearer = {
  type: 'bearer' as const,
  bearer: [{ key: 'token', value: '{{id_token}}', type: 'string' }],
};
