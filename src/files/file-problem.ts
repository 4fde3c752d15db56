import type { BinaryKind } from './content.js';

/** Reasons why a file that the user named cannot be used. Each reader turns them into its own error. */
interface ProblemArgs {
  /** `errno` is the name of the system's refusal, such as ENOENT. */
  readonly refused: { readonly errno: string };
  readonly 'no-file': { readonly kind: 'folder' | 'device' | 'socket' | 'pipe' };
  readonly 'no-writer': { readonly waitedMs: number };
  readonly 'too-large': { readonly mostBytes: number };
  readonly 'no-text': { readonly kind: BinaryKind | 'zip' };
  readonly 'no-unicode': object;
  readonly 'no-json': object;
  readonly 'too-deep': { readonly mostLevels: number };
}

type ProblemOf<C extends keyof ProblemArgs> = { readonly code: C } & ProblemArgs[C];

export type FileProblem = { [C in keyof ProblemArgs]: ProblemOf<C> }[keyof ProblemArgs];

const kinds: { readonly [K in BinaryKind | 'zip']: string } = {
  xls: 'is an old Excel workbook (.xls), or one with a password',
  pdf: 'is a PDF',
  gzip: 'is compressed (gzip)',
  zip: 'is an Excel workbook or another ZIP archive',
  age: 'is encrypted (age)',
  unknown: 'is binary, or text with NUL characters in it',
};

const clauses: { readonly [C in keyof ProblemArgs]: (args: ProblemArgs[C]) => string } = {
  refused: ({ errno }) => `cannot be read (${errno})`,
  'no-file': ({ kind }) => (kind === 'folder' ? 'is a folder (EISDIR)' : `is a ${kind}, not a regular file`),
  'no-writer': ({ waitedMs }) => `is a pipe that no program opened for writing within ${waitedMs / 1000} s`,
  'too-large': ({ mostBytes }) => `is larger than ${sizeOf(mostBytes)}`,
  'no-text': ({ kind }) => kinds[kind],
  'no-unicode': () => 'is neither valid UTF-8 nor UTF-16 text',
  'no-json': () => 'is not valid JSON',
  'too-deep': ({ mostLevels }) => `is nested more than ${mostLevels} levels deep`,
};

/** A clause whose subject is the file: `cannot be read (ENOENT)`. */
export function describeProblem<C extends keyof ProblemArgs>(problem: ProblemOf<C>): string {
  return clauses[problem.code](problem);
}

/** The problem as a reason in brackets: its errno name if it has one, otherwise the clause. */
export function reasonOf(problem: FileProblem): string {
  if (problem.code === 'refused') return problem.errno;
  return problem.code === 'no-file' && problem.kind === 'folder'
    ? 'EISDIR'
    : `it ${describeProblem(problem)}`;
}

function sizeOf(bytes: number): string {
  if (bytes % 1000 === 0) return `${bytes / 1_000_000} MB`;
  return bytes < 2 ** 20 ? `${bytes / 2 ** 10} KiB` : `${bytes / 2 ** 20} MiB`;
}
