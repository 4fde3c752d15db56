import { closeSync, openSync } from 'node:fs';
import { errorCode } from '../error-code.js';
import { BiotzPostmanError } from '../errors.js';
import { requireMessageType } from '../platform/message-type.js';
import { readAtMost } from './read-at-most.js';

/** A device's message has a few hundred bytes; this is only to notice a wrong file. */
const MAX_PAYLOAD_BYTES = 1_000_000;

/**
 * The message to publish, where one was asked for.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID where only one of the two is given, or one cannot be used
 */
export function messageFrom(
  messageType: string | undefined,
  payload: string | undefined,
): { messageType: string; payload: string } | undefined {
  if (messageType === undefined && payload === undefined) return undefined;
  if (messageType === undefined || payload === undefined) {
    const [option, missing] =
      payload === undefined ? ['--message-type', '--payload'] : ['--payload', '--message-type'];
    throw new BiotzPostmanError('OPTION_INVALID', { option, problem: `needs ${missing} beside it` });
  }
  return { messageType: requireMessageType(messageType), payload: readPayload(payload) };
}

function readPayload(payload: string): string {
  const text = payload.startsWith('@') ? readPayloadFile(payload.slice(1)) : payload;
  try {
    JSON.parse(text);
  } catch {
    throw invalid('is not valid JSON');
  }
  return text;
}

function readPayloadFile(file: string): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const text = readAtMost(handle, MAX_PAYLOAD_BYTES);
      if (text === undefined) throw invalid('names a file of more than 1 MB');
      return text;
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof BiotzPostmanError) throw error;
    throw invalid(`names a file that cannot be read (${errorCode(error)})`);
  }
}

function invalid(problem: string): BiotzPostmanError {
  const next = `Give JSON, for example --payload '{"temp":25.6}', or @FILE.`;
  return new BiotzPostmanError('OPTION_INVALID', { option: '--payload', problem, next });
}
