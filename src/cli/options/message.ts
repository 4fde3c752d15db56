import { optionError } from '../../errors/option-error.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { describeProblem } from '../../files/file-problem.js';
import { readText } from '../../files/read-file.js';
import { requireMessageType } from '../../platform/message-type.js';
import { parseJson } from '../../text/json.js';

/** A device's message has a few hundred bytes; a larger file is a mistake. */
const MAX_PAYLOAD_BYTES = 1_000_000;

/**
 * The message to publish; `undefined` without a payload.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID if one of the two cannot be used
 */
export async function messageFrom(
  messageType: string | undefined,
  payload: string | undefined,
): Promise<{ messageType: string; payload: string } | undefined> {
  if (messageType === undefined || payload === undefined) return undefined;
  return { messageType: requireMessageType(messageType), payload: await readPayload(payload) };
}

async function readPayload(payload: string): Promise<string> {
  const text = payload.startsWith('@') ? await readPayloadFile(payload.slice(1)) : payload;
  // Node replaces bytes that are not UTF-8 by this character, and the message would be sent with it.
  if (!payload.startsWith('@') && text.includes('\ufffd')) throw invalid('is not valid UTF-8 text');
  const parsed = parseJson(text);
  if ('problem' in parsed) throw invalid(describeProblem(parsed.problem));
  return text;
}

async function readPayloadFile(file: string): Promise<string> {
  const read = await readText(file, { mostBytes: MAX_PAYLOAD_BYTES });
  if ('text' in read) return read.text;
  throw invalid(`names a file that ${describeProblem(read.problem)}`);
}

function invalid(problem: string): BiotzPostmanError {
  const next = `Give JSON, for example --payload '{"temp":25.6}', or @FILE.`;
  return optionError('OPTION_INVALID', { option: '--payload', problem, next });
}
