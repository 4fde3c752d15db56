/**
 * The thread that reads and converts a foreign document: a hostile one can use up the thread's time and memory,
 * but not the program's.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { apiRequests } from './api-requests.js';
import { checkDocument } from './check-document.js';
import { parseDocument } from './parse-document.js';
import { OpenApiRefusal } from './errors.js';
import type { FromReader, ToReader } from './read-openapi.js';

if (parentPort === null) throw new Error('openapi/worker.ts is a worker thread, not a program');

const { text, address } = workerData as ToReader;

async function answer(): Promise<FromReader> {
  try {
    return { requests: await apiRequests(checkDocument(parseDocument(text)), address) };
  } catch (error) {
    if (error instanceof OpenApiRefusal) return { problem: error.facts };
    // The document is deeper than the stack.
    if (error instanceof RangeError) return { problem: { problem: 'it is nested too deeply' } };
    throw error;
  }
}

parentPort.postMessage(await answer());
