/** What is looked at, in this order. Names may be added, never renamed: people's scripts read them. */
export const checkNames = [
  'proxy',
  'name',
  'tcp',
  'tls',
  'discovery',
  'keys',
  'client',
  'encoding',
  'device',
  'clock',
  'id-token',
  'message',
  'session',
] as const;

export type CheckName = (typeof checkNames)[number];
