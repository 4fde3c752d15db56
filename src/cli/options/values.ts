import { invalidOption } from '../../errors/option-error.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { describeProblem } from '../../files/file-problem.js';
import { readText } from '../../files/read-file.js';
import { requireMessageType } from '../../platform/message-type.js';
import { parseJson } from '../../text/json.js';
import { biotzProfile, USERS_CLIENT_ID } from '../../platform/profile.js';
import type { BodyMode, ClientAuth, Profile } from '../../platform/profile.js';
import { requireNoUser, requireSafeUrl } from '../../platform/urls.js';

/**
 * @param option with its dashes, for the message
 * @throws {BiotzPostmanError} OPTION_INVALID if it is not a whole number in this range
 */
export function wholeNumber(
  option: string,
  value: number,
  { min, max }: { min: number; max: number },
): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidOption(option, `must be a whole number from ${min} to ${max}`);
}

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
  return invalidOption('--payload', problem, next);
}

/** Command line options of the profile. */
export interface ProfileArguments {
  readonly tokenUrl?: string | undefined;
  readonly clientId?: string | undefined;
  readonly scope?: string | undefined;
  readonly ingestionUrl?: string | undefined;
  readonly body?: BodyMode | undefined;
  readonly clientAuth?: ClientAuth | undefined;
  /** Whether a user logs in, rather than a device; --client-id takes precedence. */
  readonly user?: boolean | undefined;
}

/**
 * The part of a profile that the command line sets. Absent parts keep their value from elsewhere.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function chosenProfile(argv: ProfileArguments): Partial<Profile> {
  requireNoUser('--token-url', argv.tokenUrl ?? '');
  requireNoUser('--ingestion-url', argv.ingestionUrl ?? '');
  return {
    ...(argv.tokenUrl !== undefined && { tokenUrl: argv.tokenUrl }),
    ...(argv.user === true && { clientId: USERS_CLIENT_ID }),
    ...(argv.clientId !== undefined && { clientId: argv.clientId }),
    ...(argv.scope !== undefined && { scope: argv.scope }),
    // A slash at the end would be doubled in `{{ingestion_url}}/api/…`.
    ...(argv.ingestionUrl !== undefined && { ingestionUrl: argv.ingestionUrl.replace(/\/+$/, '') }),
    ...(argv.body !== undefined && { bodyMode: argv.body }),
    ...(argv.clientAuth !== undefined && { clientAuth: argv.clientAuth }),
  };
}

/**
 * The Biotz platform's profile with the options of the command line.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID, URL_INVALID, URL_INSECURE
 */
export function profileFrom(argv: ProfileArguments, insecure = false): Profile {
  const profile = { ...biotzProfile, ...chosenProfile(argv) };
  requireSafeUrl('--token-url', profile.tokenUrl, insecure);
  requireSafeUrl('--ingestion-url', profile.ingestionUrl, insecure);
  return profile;
}
