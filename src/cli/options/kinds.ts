// `requiresArg` keeps `--out --force` from taking a flag for a folder.
export const text = (describe: string, group?: string) =>
  ({ type: 'string', requiresArg: true, describe, ...(group !== undefined && { group }) }) as const;
export const number = (describe: string, group?: string) =>
  ({ type: 'number', requiresArg: true, describe, ...(group !== undefined && { group }) }) as const;
export const flag = (describe: string, group?: string) =>
  ({ type: 'boolean', describe, ...(group !== undefined && { group }) }) as const;
