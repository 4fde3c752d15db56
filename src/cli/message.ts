import { readFileSync, statSync } from 'node:fs';
import { errorCode } from '../error-code.js';
import { BiotzPostmanError } from '../errors.js';

/** Message type internal names, as the Biotz platform makes them. */
const messageTypePattern = /^[a-z_][a-z0-9_]{0,63}$/;
/** A device's message has a few hundred bytes; this is only to notice a wrong file. */
const MAX_PAYLOAD_BYTES = 1_000_000;

/** @throws {BiotzPostmanError} OPTION_INVALID */
export function checkMessageType(messageType: string): string {
  if (messageTypePattern.test(messageType)) return messageType;
  throw new BiotzPostmanError('OPTION_INVALID', {
    option: '--message-type',
    problem:
      'must be an internal name: a to z, 0 to 9 and _, not beginning with a digit, at most 64 characters',
    next: 'The platform shows it beside the name of the message type.',
  });
}

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
  return { messageType: checkMessageType(messageType), payload: readPayload(payload) };
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
    if (statSync(file).size > MAX_PAYLOAD_BYTES) throw invalid('names a file of more than 1 MB');
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof BiotzPostmanError) throw error;
    throw invalid(`names a file that cannot be read (${errorCode(error)})`);
  }
}

function invalid(problem: string): BiotzPostmanError {
  const next = `Give JSON, for example --payload '{"temp":25.6}', or @FILE.`;
  return new BiotzPostmanError('OPTION_INVALID', { option: '--payload', problem, next });
}
