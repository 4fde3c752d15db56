import { flag, text } from './kinds.js';
import { format, identity } from './shared.js';

export const shareOptions = {
  to: {
    ...text('Encrypt for this recipient, age1…, or for those in this file (repeatable)'),
    array: true,
  },
  passphrase: flag(
    'Encrypt with a passphrase instead; it is asked for twice, or comes from BIOTZ_AGE_PASSPHRASE',
  ),
  armor: flag('Write text (ASCII armour) instead of bytes; up to 16 MB'),
  out: text('The file to write; by default DEVICES with .age behind it'),
  force: flag('Replace an encrypted file that is there'),
  identity,
} as const;

const compared = {
  ...text('Compare with the passwords of this credentials file (repeatable)'),
  array: true,
} as const;

export const shareCheckOptions = {
  devices: compared,
  staged: flag('Look at what git has staged for the next commit; PATHS narrow it down'),
  exclude: { ...text('Pass over paths like this: *.svg, test/** (repeatable)'), array: true },
  ignored: flag('In folders, look also at what git ignores'),
  format,
  identity,
} as const;

export const shareCleanOptions = {
  devices: compared,
  out: text('Write to this file instead, which must not be there yet'),
  'dry-run': flag('Only say what would be taken out'),
  identity,
} as const;

export const shareKeygenOptions = {
  out: {
    ...text('The file to make (0600); one that is there is never replaced'),
    default: 'biotz.identity.txt',
  },
} as const;
