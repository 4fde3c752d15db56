import { postmanError } from './errors.js';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCode } from '../errors/error-code.js';
import { describeProblem } from '../files/file-problem.js';
import { readText } from '../files/read-file.js';

/** Limit on a template, to detect a wrong file; scripts and descriptions have some kilobytes. */
const MOST_BYTES = 1_000_000;

/** The template files, by their purpose in the collection. */
const templateFiles = {
  description: 'description.md',
  getTokenDescription: 'get-token/description.md',
  getTokenPrerequest: 'get-token/prerequest.js',
  getTokenTest: 'get-token/test.js',
  publishDataDescription: 'publish-data/description.md',
  publishDataPrerequest: 'publish-data/prerequest.js',
  publishDataTest: 'publish-data/test.js',
  publishDataBody: 'publish-data/body.json',
} as const;

/** The texts that a collection is made from; docs/templates.md describes them. */
export type Templates = { readonly [N in keyof typeof templateFiles]: string };

/** Valid from both `src/postman` and `dist/postman`. */
const ownFolder = fileURLToPath(new URL('../../templates', import.meta.url));

const isKnown = (path: string) => Object.values<string>(templateFiles).includes(path);

/**
 * Reads the templates of a collection.
 *
 * @param folder a folder with a `collection/` folder in it, like the package's own `templates/`, which provides missing
 *   files
 * @throws {@link BiotzPostmanError} `TEMPLATE_INVALID` if the folder or a file cannot be read, or if `collection/` holds a
 *   file that is not a template (otherwise a misspelt name would have no effect)
 *
 * @example
 * const templates = await loadTemplates('my-templates');
 * const collection = await createCollection(biotzProfile, { templates });
 */
export async function loadTemplates(folder?: string): Promise<Templates> {
  const given = folder === undefined ? new Set<string>() : await listTemplates(join(folder, 'collection'));
  const read = (path: string) => {
    const origin = folder !== undefined && given.has(path) ? folder : ownFolder;
    return textOf(join(origin, 'collection', path));
  };
  return {
    description: await read(templateFiles.description),
    getTokenDescription: await read(templateFiles.getTokenDescription),
    getTokenPrerequest: await read(templateFiles.getTokenPrerequest),
    getTokenTest: await read(templateFiles.getTokenTest),
    publishDataDescription: await read(templateFiles.publishDataDescription),
    publishDataPrerequest: await read(templateFiles.publishDataPrerequest),
    publishDataTest: await read(templateFiles.publishDataTest),
    publishDataBody: await read(templateFiles.publishDataBody),
  };
}

/** Reads a template of the package that users cannot replace. @param path in `templates/` */
export function readTemplate(path: string): Promise<string> {
  return textOf(join(ownFolder, path));
}

async function listTemplates(folder: string): Promise<ReadonlySet<string>> {
  const entries = await failing(folder, readdir(folder, { recursive: true, withFileTypes: true }));
  const paths = entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
  const stranger = paths.find((path) => !isKnown(path));
  if (stranger !== undefined) {
    throw postmanError('TEMPLATE_INVALID', {
      file: join(folder, stranger),
      problem: `is not a template; the templates are ${Object.values(templateFiles).join(', ')}`,
    });
  }
  return new Set(paths);
}

async function textOf(file: string): Promise<string> {
  const read = await readText(file, { mostBytes: MOST_BYTES });
  if ('text' in read) return read.text.replaceAll('\r\n', '\n').trimEnd();
  throw postmanError('TEMPLATE_INVALID', { file, problem: describeProblem(read.problem) });
}

async function failing<T>(file: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const reason = errorCode(error);
    if (reason === undefined) throw error;
    throw postmanError('TEMPLATE_INVALID', { file, problem: `cannot be read (${reason})` });
  }
}
