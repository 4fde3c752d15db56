import { optionError } from '../errors/option-error.js';

/** Internal names of message types, as the Biotz platform makes them. */
const internalName = /^[a-z_][a-z0-9_]{0,63}$/;

export function isMessageType(name: string): boolean {
  return internalName.test(name);
}

/** @throws {BiotzPostmanError} OPTION_INVALID */
export function requireMessageType(name: string): string {
  if (isMessageType(name)) return name;
  throw optionError('OPTION_INVALID', {
    option: '--message-type',
    problem:
      'must be an internal name: a to z, 0 to 9 and _, at most 64 characters, not starting with a digit',
    next: 'The platform shows the internal name beside the name of the message type.',
  });
}
