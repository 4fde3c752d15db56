/**
 * The thread that reads and converts a document from an unknown source. A hostile document can use up the thread's time
 * and memory, but does not end the program.
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
    // The document is nested too deeply for the stack.
    if (error instanceof RangeError) return { problem: { problem: 'it is nested too deeply' } };
    throw error;
  }
}

parentPort.postMessage(await answer());
