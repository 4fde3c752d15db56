import { mkdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { fileError, withWriteErrors } from '../files/errors.js';
import { StagedFile } from '../files/staged-file.js';
import { type PresentFile, type Proposal, readPresent } from './proposal.js';

/** A proposed file under a temporary name beside its target, and a copy of the present file for a rollback. */
interface Staged {
  readonly target: string;
  readonly next: StagedFile;
  readonly before?: StagedFile;
}

/**
 * Writes proposed files, all or none. All are written under temporary names first. If the system refuses one of them, the
 * others are restored.
 *
 * @param folder the output folder
 * @param proposals the files to write
 * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN; OUTPUT_BLOCKED if a file changed after it was shown
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
    // A folder that another program has used stays.
    for (const made of created.toReversed()) await rmdir(made).catch(() => undefined);
    throw error;
  }
  await discard(temporary);
}

/** @param created receives the folders that did not exist */
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

/** @param temporary receives each file at once, so that it is always removed */
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

/** While the question waits for an answer, a file may be edited or replaced by a link. */
async function requireAsShown(folder: string, proposal: Proposal): Promise<void> {
  const present = await readPresent(folder, proposal.path);
  if (present?.text === presentIn(proposal)?.text) return;
  const problem = 'it changed after it was shown';
  throw fileError('OUTPUT_BLOCKED', { file: join(folder, proposal.path), problem });
}

function presentIn(proposal: Proposal): PresentFile | undefined {
  return 'present' in proposal ? proposal.present : undefined;
}
