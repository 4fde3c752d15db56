import { readFile } from 'node:fs/promises';

/** Reads a file of `templates/`; works from `src/` and from `dist/` alike. */
export function readTemplate(path: string): Promise<string> {
  return readFile(new URL(`../../templates/${path}`, import.meta.url), 'utf8');
}

/** The values of a snippet's template. */
interface SnippetValues {
  readonly token_url: string;
  readonly username: string;
  readonly client_id: string;
  readonly scope: string;
  /** User and password of HTTP Basic, if it names the client. */
  readonly basic?: string;
}

export type MarkerName = keyof SnippetValues;

const NAME = /\{\{(\w+)\}\}/g;

/** In single quotes, which make a string in every language: the template itself is a valid program. */
const MARKER = /'\{\{(\w+)\}\}'/g;

/** A comment at the end of a line that depends on a value without containing it. */
const CONDITION = / *(?:#|\/\/) \{\{\w+\}\}$/;

/**
 * Fills a template with values, each written by `write` as a literal of its language. Lines with markers that have no
 * value are left out.
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
