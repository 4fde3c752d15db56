import { LineCounter, parseDocument as parseYaml } from 'yaml';
import { describeProblem } from '../files/file-problem.js';
import { parseJson } from '../text/json.js';
import { isObject } from '../text/json.js';
import { OpenApiRefusal } from './errors.js';

/** Limit on the repetitions that aliases make: real documents have a few, a bomb has billions. */
const MOST_ALIASES = 1000;

/**
 * Reads JSON or YAML 1.2. The parsers' own messages quote the text; ours only name the place.
 *
 * @throws {OpenApiRefusal}
 */
export function parseDocument(text: string): unknown {
  // Ten times as fast as the YAML parser, with a tenth of the memory.
  const json = /^\ufeff?\s*\{/.test(text) ? jsonOf(text.replace(/^\ufeff/, '')) : undefined;
  if (json !== undefined && countKeys(json) === countWrittenKeys(text)) return json;
  const lines = new LineCounter();
  const document = parseYaml(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    logLevel: 'error',
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new OpenApiRefusal(
      {
        DUPLICATE_KEY: 'an object has the same key twice',
        MULTIPLE_DOCS: 'a second document begins',
        RESOURCE_EXHAUSTION: 'it is nested too deeply',
      }[error.code as string] ?? 'it is neither JSON nor YAML',
      { line, column: col },
    );
  }
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch {
    throw new OpenApiRefusal(`its aliases repeat parts of it more than ${MOST_ALIASES} times`);
  }
}

/** `undefined` if the text is not JSON; the YAML parser then finds out what it is, and the line of an error. */
function jsonOf(text: string): unknown {
  const parsed = parseJson(text);
  if ('value' in parsed) return parsed.value;
  if (parsed.problem.code === 'no-json') return undefined;
  throw new OpenApiRefusal(`it ${describeProblem(parsed.problem)}`);
}

/** `JSON.parse` silently drops the first of two equal keys, so the text has more keys than the result. */
function countWrittenKeys(text: string): number {
  return text.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0;
}

function countKeys(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countKeys(item), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + 1 + countKeys(item), 0);
}
