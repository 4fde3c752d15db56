import { readFile } from 'node:fs/promises';

/** Reads a file of `templates/`; works from `src/` and from `dist/` alike. */
export function readTemplate(path: string): Promise<string> {
  return readFile(new URL(`../../templates/${path}`, import.meta.url), 'utf8');
}

/** What the markers of a snippet's template stand for. */
interface SnippetValues {
  readonly token_url: string;
  readonly username: string;
  readonly client_id: string;
  readonly scope: string;
  /** User and password of HTTP Basic, where the client is named by it. */
  readonly basic?: string;
}

export type MarkerName = keyof SnippetValues;

const NAME = /\{\{(\w+)\}\}/g;

/** In single quotes, which are a string in each of the languages: the template itself is a valid program. */
const MARKER = /'\{\{(\w+)\}\}'/g;

/** At the end of a line that is needed with that value, but has no place for it. */
const CONDITION = / *(?:#|\/\/) \{\{\w+\}\}$/;

/**
 * Puts values into a template, each written by `write` as a literal of its language. A line that names a marker
 * without a value is left out.
 *
 * @param template docs/snippet.md describes the markers
 */
export function fillTemplate<N extends string>(
  template: string,
  values: Readonly<Partial<Record<N, string>>>,
  write: (text: string, name: N) => string,
): string {
  const valueOf = (name = '') => values[name as N];
  return template
    .split('\n')
    .filter((line) => [...line.matchAll(NAME)].every(([, name]) => valueOf(name) !== undefined))
    .map((line) =>
      line.replace(CONDITION, '').replace(MARKER, (_, name: N) => write(valueOf(name) ?? '', name)),
    )
    .join('\n');
}
