/** The checks in their order, and what each is called. Names may be added, never renamed: people's scripts read them. */
export const checkProse = {
  proxy: 'proxy',
  name: 'name resolution',
  tcp: 'TCP',
  tls: 'TLS',
  discovery: 'discovery',
  keys: 'keys (JWKS)',
  client: 'client',
  encoding: 'body encoding',
  device: 'device login',
  clock: 'clock',
  'id-token': 'id_token',
  message: 'message',
  session: 'session',
} as const;

export type CheckName = keyof typeof checkProse;

export const checkNames = Object.keys(checkProse) as readonly CheckName[];
