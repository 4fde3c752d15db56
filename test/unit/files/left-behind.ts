import { holderName, temporaryName } from '../../../src/files/holder.js';

/** The name that this process gives, with some of its parts replaced: PID, start time, machine, number, host. */
export const nameWith = (...parts: readonly (string | undefined)[]) =>
  holderName()
    .split('-')
    .map((part, index) => parts[index] ?? part)
    .join('-');

/** A temporary file or folder of a process that was killed: this one's PID belonged to it earlier. */
export const ofDead = () => temporaryName(nameWith(undefined, '1'));

/** One of a process that runs. */
export const ofLiving = () => temporaryName();

/** One of a process on another machine, or in another container. */
export const ofUnknown = () => temporaryName(nameWith(undefined, undefined, '0123456789abcdef'));
