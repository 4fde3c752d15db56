import { Worker } from 'node:worker_threads';
import { openapiError, type OpenApiProblem } from './errors.js';
import { errorCode } from '../errors/error-code.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { describeProblem } from '../files/file-problem.js';
import { readText } from '../files/read-file.js';
import type { ApiRequests } from '../postman/document.js';

/** Limit on a document; GitHub's API has 12 MB. */
const MOST_BYTES = 16_000_000;
/** 2,000 operations take 5 s on an idle machine, and 12 s on an overloaded one. */
const DEADLINE_MS = 60_000;
/** Memory limit of the thread: 16 MB of JSON take a quarter of it, 16 MB of YAML may take all. */
const HEAP_MB = 1500;

const smaller = 'Drop what you do not need: use one document for each part of the API.';

export interface OpenApiOptions {
  /** Base address of the requests. Default: the document's first server. */
  readonly address?: string;
  /** Deadline for reading and converting, in milliseconds. Default: 60 s. */
  readonly deadlineMs?: number;
}

/**
 * Makes requests from an API description: OpenAPI 3.0 or 3.1 or Swagger 2.0, in JSON or YAML, in one file that does not
 * refer to others. The same document gives the same requests, regardless of the order of its parts.
 *
 * Reads no other file, and sends nothing.
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
    // The converter writes problems to its console; those that matter become errors here.
    stdout: true,
    stderr: true,
    execArgv: ['--no-deprecation'],
    // No variable may influence the result, and some make the parser print the document (LOG_STREAM, LOG_TOKENS of yaml).
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
    const refuse = (problem: string, next?: string) =>
      resolve({ problem: { problem, ...(next !== undefined && { next }) } });
    const seconds = Math.ceil(deadlineMs / 1000);
    const deadline = setTimeout(
      () => refuse(`it takes longer than ${seconds} s to convert`, smaller),
      deadlineMs,
    );
    worker.once('message', resolve);
    worker.once('error', (error) => {
      if (errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY') {
        refuse('its conversion needs too much memory', smaller);
      } else reject(error);
    });
    worker.once('exit', () => {
      clearTimeout(deadline);
      // Ignored if the thread has already answered.
      refuse('it cannot be converted');
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

/** Input of the thread. */
export interface ToReader {
  /** The document's text. */
  readonly text: string;
  /** Base address of the requests, which overrides the document's servers. */
  readonly address: string | undefined;
}

/** The only answer of the thread. */
export type FromReader = { readonly requests: ApiRequests } | { readonly problem: OpenApiProblem };
