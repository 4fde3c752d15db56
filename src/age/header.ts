import type { Stanza } from 'age-encryption';
import { Decrypter } from 'age-encryption';
import type { Secret } from '../secret/secret.js';
import { Undecryptable } from './undecryptable.js';

/** Limit on a header, which has about 100 bytes per recipient, or 1.6 KB for a post-quantum one. */
const MAX_HEADER_BYTES = 2 ** 20;

/**
 * Limit on the memory that scrypt takes to try a passphrase, as a power of two KiB: 1 GiB, which is also the library's
 * limit. age itself writes 18 (256 MiB).
 *
 * @see https://github.com/C2SP/C2SP/blob/main/age.md#the-scrypt-recipient-type
 */
const MAX_WORK_FACTOR = 20;

/** Kinds of recipients whose identities the library reads. */
const supportedKinds: ReadonlySet<string> = new Set(['X25519', 'mlkem768x25519', 'scrypt']);

/** Keys to open a file. */
export interface Keys {
  readonly identities: readonly Secret[];
  /** Called only for a file that needs a passphrase. Returns `undefined` if the user gives none. */
  readonly passphrase: () => Promise<Secret | undefined>;
}

/**
 * Reads the header of a file, up to the line of its MAC.
 *
 * @throws {Undecryptable} `age-damaged`
 */
export async function readHeader(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  let header = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const from = Math.max(0, header.length - 4);
    header = Buffer.concat([header, chunk]);
    const mac = header.indexOf('\n--- ', from);
    const end = mac < 0 ? -1 : header.indexOf('\n', mac + 1);
    if (end >= 0) return header.subarray(0, end + 1);
    if (header.length > MAX_HEADER_BYTES) break;
  }
  throw new Undecryptable('age-damaged', { part: 'header' });
}

/**
 * Finds the key that a file was encrypted with. This is done once for all passes, because a passphrase takes a second
 * each time.
 *
 * @throws {Undecryptable}
 */
export async function fileKeyOf(header: Uint8Array, keys: Keys): Promise<Uint8Array> {
  const stanzas = await stanzasOf(header);
  const needs = await requireOpenable(stanzas, keys);
  const decrypter = new Decrypter();
  if (needs.kind === 'passphrase') decrypter.addPassphrase(needs.passphrase.reveal());
  else for (const identity of keys.identities) decrypter.addIdentity(identity.reveal());
  let areAllWrong = false;
  decrypter.addIdentity({
    // The library tries the last identity only if no other fits.
    unwrapFileKey: () => {
      areAllWrong = true;
      return null;
    },
  });
  try {
    return await decrypter.decryptHeader(header);
  } catch {
    throw areAllWrong
      ? new Undecryptable('age-key-wrong', { given: needs.kind, recipients: stanzas.length })
      : new Undecryptable('age-damaged', { part: 'header' });
  }
}

/** The recipients in a header, which is not verified yet. */
async function stanzasOf(header: Uint8Array): Promise<readonly Stanza[]> {
  let stanzas: readonly Stanza[] | undefined;
  const decrypter = new Decrypter();
  decrypter.addIdentity({
    unwrapFileKey: (found: readonly Stanza[]) => {
      stanzas = found;
      return null;
    },
  });
  // This identity fits no file, so a refusal is expected. If it was not even tried, the header is damaged.
  await decrypter.decryptHeader(header).catch(() => undefined);
  if (stanzas === undefined) throw new Undecryptable('age-damaged', { part: 'header' });
  return stanzas;
}

type Needed = { readonly kind: 'identity' } | { readonly kind: 'passphrase'; readonly passphrase: Secret };

async function requireOpenable(stanzas: readonly Stanza[], keys: Keys): Promise<Needed> {
  const kinds = stanzas.map(({ args: [kind = ''] }) => kind);
  if (!kinds.some((kind) => supportedKinds.has(kind))) {
    // age itself adds meaningless kinds (`…-grease`), so that programs learn to skip unknown kinds.
    const named = new Set(kinds.filter((kind) => /^[\w@./-]{1,40}$/.test(kind) && !kind.endsWith('-grease')));
    throw new Undecryptable('age-recipients-unsupported', { kinds: [...named].slice(0, 5) });
  }
  const scrypt = stanzas.find(({ args: [kind] }) => kind === 'scrypt');
  if (scrypt === undefined) {
    if (keys.identities.length > 0) return { kind: 'identity' };
    throw new Undecryptable('age-key-missing', { needs: 'identity' });
  }
  if (Number(scrypt.args[2]) > MAX_WORK_FACTOR) {
    throw new Undecryptable('age-work-factor-too-high', { limit: MAX_WORK_FACTOR });
  }
  const passphrase = await keys.passphrase();
  if (passphrase === undefined) throw new Undecryptable('age-key-missing', { needs: 'passphrase' });
  return { kind: 'passphrase', passphrase };
}
