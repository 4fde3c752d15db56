import type { PresentFile } from './present-file.js';

/** A file as `init` wants it to be. */
interface Wanted {
  /** Below the repository's root, with `/` between the parts. */
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

/** What is proposed for one file. */
export type Proposal = Wanted &
  (
    | { readonly status: 'new' }
    | { readonly status: 'unchanged' }
    /** `amended`: what is there stays and something is added; `replaced`: it goes. */
    | { readonly status: 'amended' | 'replaced' | 'kept'; readonly present: PresentFile }
  );

/** Files whose present content is part of what is proposed. */
export function proposeAddition(path: string, text: string, present: PresentFile | undefined): Proposal {
  if (present === undefined) return { path, text, mode: 0o644, status: 'new' };
  const wanted = { path, text, mode: present.mode };
  return present.text === text
    ? { ...wanted, status: 'unchanged' }
    : { ...wanted, status: 'amended', present };
}

/**
 * A whole file of ours. One that differs was changed by a person, or is another one: it is kept unless `force`.
 *
 * @param executable whether it is a program; one that git may not run is amended
 */
export function proposeFile(
  path: string,
  text: string,
  present: PresentFile | undefined,
  { force, executable = false }: { readonly force: boolean; readonly executable?: boolean },
): Proposal {
  const wanted = { path, text, mode: executable ? 0o755 : 0o644 };
  if (present === undefined) return { ...wanted, status: 'new' };
  // Git for Windows may have given it other line ends; a shell cannot read those.
  const asWritten = executable ? present.text : present.text.replaceAll('\r\n', '\n');
  if (asWritten !== text) return { ...wanted, status: force ? 'replaced' : 'kept', present };
  return executable && (present.mode & 0o111) === 0
    ? { ...wanted, status: 'amended', present }
    : { ...wanted, status: 'unchanged' };
}

/** Whether a file is to be written. */
export function isToBeWritten({ status }: Proposal): boolean {
  return status === 'new' || status === 'amended' || status === 'replaced';
}
