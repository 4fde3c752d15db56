import { mkdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { fileError, withWriteErrors } from '../files/errors.js';
import { StagedFile } from '../files/staged-file.js';
import { type PresentFile, type Proposal, readPresent } from './proposal.js';

/** A proposed file, whole on the disk beside its place, and what stands there now, to be put back. */
interface Staged {
  readonly target: string;
  readonly next: StagedFile;
  readonly before?: StagedFile;
}

/**
 * Writes files as they were proposed: each whole, and none before all are on the disk under other names. Where the
 * system still refuses one of them, the others are put back as they were.
 *
 * @param folder the repository's root
 * @param proposals those that are to be written
 * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN; OUTPUT_BLOCKED where a file is no longer what it was when it was shown
 */
export async function writeFiles(folder: string, proposals: readonly Proposal[]): Promise<void> {
  const created: string[] = [];
  const temporary: StagedFile[] = [];
  const staged: Staged[] = [];
  const inPlace: Staged[] = [];
  try {
    for (const proposal of proposals) {
      await requireAsShown(folder, proposal);
      await withWriteErrors(join(folder, proposal.path), async () => {
        await makeFolders(folder, dirname(proposal.path), created);
        staged.push(await stage(folder, proposal, temporary));
      });
    }
    for (const item of staged) {
      await withWriteErrors(item.target, () => item.next.replace(item.target));
      inPlace.push(item);
    }
  } catch (error) {
    for (const item of inPlace) await putBack(item);
    await discard(temporary);
    // Whatever else somebody put into one of them stays.
    for (const made of created.toReversed()) await rmdir(made).catch(() => undefined);
    throw error;
  }
  await discard(temporary);
}

/** @param created takes the folders that were not there */
async function makeFolders(folder: string, below: string, created: string[]): Promise<void> {
  const parts = below === '.' ? [] : below.split('/');
  for (const at of parts.keys()) {
    const place = join(folder, ...parts.slice(0, at + 1));
    try {
      await mkdir(place);
      created.push(place);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }
}

/** @param temporary takes each file at once, so that it is removed whatever happens */
async function stage(folder: string, proposal: Proposal, temporary: StagedFile[]): Promise<Staged> {
  const target = join(folder, proposal.path);
  const write = async (text: string, mode: number) => {
    const file = await StagedFile.create(dirname(target), mode);
    temporary.push(file);
    await file.write(text);
    await file.finish();
    return file;
  };
  const next = await write(proposal.text, proposal.mode);
  const present = presentIn(proposal);
  return { target, next, ...(present && { before: await write(present.text, present.mode) }) };
}

async function putBack({ target, before }: Staged): Promise<void> {
  await (before === undefined ? rm(target, { force: true }) : before.replace(target));
}

async function discard(files: readonly StagedFile[]): Promise<void> {
  await Promise.all(files.map((file) => file.discard()));
}

/** Between a question and its answer there is time to edit a file, or to put a link in its place. */
async function requireAsShown(folder: string, proposal: Proposal): Promise<void> {
  const present = await readPresent(folder, proposal.path);
  if (present?.text === presentIn(proposal)?.text) return;
  const problem = 'it was changed in the meantime';
  throw fileError('OUTPUT_BLOCKED', { file: join(folder, proposal.path), problem });
}

function presentIn(proposal: Proposal): PresentFile | undefined {
  return 'present' in proposal ? proposal.present : undefined;
}
