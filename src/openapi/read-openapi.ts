import { Worker } from 'node:worker_threads';
import { openapiError, type OpenApiProblem } from './errors.js';
import { errorCode } from '../errors/error-code.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { describeProblem } from '../files/file-problem.js';
import { readText } from '../files/read-file.js';
import type { ApiRequests } from '../postman/document.js';

/** GitHub's API, described twice over, has 12 MB. */
const MOST_BYTES = 16_000_000;
/** 2,000 operations take 5 s on a quiet machine, 12 on one with three times as much to do as it can. */
const DEADLINE_MS = 60_000;
/** 16 MB of JSON take a quarter of it; as YAML they may take all. */
const HEAP_MB = 1500;

const smaller = 'Leave out what you do not need: one document for each part of the API.';

/** How a document is read. */
export interface OpenApiOptions {
  /** Where the requests go. Default: the document's first server. */
  readonly address?: string;
  /** Milliseconds, for reading and converting. Default: 60 s. */
  readonly deadlineMs?: number;
}

/**
 * Makes requests of an API's description: OpenAPI 3.0 and 3.1 or Swagger 2.0, in JSON or YAML, one file that
 * refers to no other. The same document gives the same requests, in whatever order it has them.
 *
 * Nothing is read but this file, and nothing is sent.
 *
 * @throws {@link BiotzPostmanError} `OPENAPI_INVALID`
 */
export async function readOpenApi(
  file: string,
  { address, deadlineMs = DEADLINE_MS }: OpenApiOptions = {},
): Promise<ApiRequests> {
  const text = await documentText(file);
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { text, address } satisfies ToReader,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    // The converter writes what it stumbles over to its console; what matters of that is an error here.
    stdout: true,
    stderr: true,
    execArgv: ['--no-deprecation'],
    // Nothing that is in it decides about a document; its parser would print it (LOG_STREAM, LOG_TOKENS of yaml).
    env: {},
  });
  try {
    const answer = await firstAnswer(worker, deadlineMs);
    if ('requests' in answer) return answer.requests;
    throw invalid(file, answer.problem);
  } finally {
    await worker.terminate();
  }
}

function firstAnswer(worker: Worker, deadlineMs: number): Promise<FromReader> {
  return new Promise((resolve, reject) => {
    const turnBack = (problem: string, next?: string) =>
      resolve({ problem: { problem, ...(next !== undefined && { next }) } });
    const seconds = Math.ceil(deadlineMs / 1000);
    const deadline = setTimeout(
      () => turnBack(`it takes longer than ${seconds} s to convert`, smaller),
      deadlineMs,
    );
    worker.once('message', resolve);
    worker.once('error', (error) => {
      if (errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY') {
        turnBack('it takes more memory to convert than there is for it', smaller);
      } else reject(error);
    });
    worker.once('exit', () => {
      clearTimeout(deadline);
      // Where it came to no answer.
      turnBack('it cannot be converted');
    });
  });
}

async function documentText(file: string): Promise<string> {
  const read = await readText(file, { mostBytes: MOST_BYTES });
  if ('text' in read) return read.text;
  const next = { refused: 'Check the path.', 'too-large': smaller }[read.problem.code as string];
  throw invalid(file, {
    problem: `it ${describeProblem(read.problem)}`,
    ...(next !== undefined && { next }),
  });
}

function invalid(file: string, problem: OpenApiProblem): BiotzPostmanError {
  return openapiError('OPENAPI_INVALID', { file, ...problem });
}

/** What the thread is born with. */
export interface ToReader {
  /** The document's text. */
  readonly text: string;
  /** Where the requests go, in place of what the document says. */
  readonly address: string | undefined;
}

/** The one thing that it says. */
export type FromReader = { readonly requests: ApiRequests } | { readonly problem: OpenApiProblem };
