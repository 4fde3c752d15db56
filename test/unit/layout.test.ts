import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

/** The folders of CONTRIBUTING.md in their order, each with the libraries that only it imports. */
const folders = [...contributing.matchAll(/^\| `([\w-]+)\/` *\|[^|]*\|([^|]*)\|$/gm)].map(
  ([, name = '', libraries = '']) => ({
    name,
    libraries: [...libraries.matchAll(/`([^`]+)`/g)].map(([, library = '']) => library),
  }),
);
const order = new Map(folders.map(({ name }, index) => [name, index]));

/** Each source file below `src/`, with what it imports: files by their path below `src/`, packages by their name. */
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = readFileSync(join(root, 'src', file), 'utf8');
    const names = [...text.matchAll(/(?:\bfrom|\bimport|\brequire)\b\s*\(?\s*'([^']+)'/g)].map(
      ([, name = '']) => name,
    );
    const isOwn = (name: string) => name.startsWith('.');
    return {
      file,
      imports: names
        .filter(isOwn)
        .map((name) => normalize(join(dirname(file), name)).replace(/\.js$/, '.ts')),
      packages: names
        .filter((name) => !isOwn(name))
        .map((name) => /^(?:@[^/]+\/)?[^/]+(?=\/|$)/.exec(name)?.[0] ?? name),
    };
  });
const folderOf = (file: string) => (file.includes('/') ? file.split('/')[0] : undefined);
/** `src/index.ts` imports from every folder, and `cli` may use its types. */
const isLater = (target: string, own: number) => (order.get(folderOf(target) ?? 'cli') ?? Infinity) > own;

test('CONTRIBUTING.md lists every folder of src, and no other', () => {
  const present = new Set(files.map(({ file }) => folderOf(file)).filter((name) => name !== undefined));
  expect([...order.keys()].toSorted()).toEqual([...present].toSorted());
});

test('no folder imports from one that stands later in the list', () => {
  const upward = files.flatMap(({ file, imports }) => {
    const own = order.get(folderOf(file) ?? '');
    if (own === undefined) return [];
    return imports.filter((target) => isLater(target, own)).map((target) => `${file} -> ${target}`);
  });
  expect(upward).toEqual([]);
});

test('no files import each other in a circle', () => {
  const importsOf = new Map(files.map(({ file, imports }) => [file, imports]));
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start !== -1) circles.push([...path.slice(start), file].join(' -> '));
    if (start !== -1 || done.has(file)) return;
    for (const target of importsOf.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const { file } of files) visit(file, []);
  expect(circles).toEqual([]);
});

test('each library is imported only in the folder that owns it', () => {
  const owners = new Map(
    folders.flatMap(({ name, libraries }) => libraries.map((library) => [library, name])),
  );
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
  const restricted = new Set([...Object.keys(manifest.dependencies), ...owners.keys()]);
  const elsewhere = files.flatMap(({ file, packages }) =>
    packages
      .filter((name) => restricted.has(name) && owners.get(name) !== folderOf(file))
      .map((name) => `${file} imports ${name}`),
  );
  expect(elsewhere).toEqual([]);
  expect([...owners.keys()].filter((name) => !name.startsWith('node:')).toSorted()).toEqual(
    Object.keys(manifest.dependencies).toSorted(),
  );
});

test('every path and file that CONTRIBUTING.md names exists', () => {
  const named = [...contributing.matchAll(/`([\w./-]+\/|[\w./-]+\.(?:ts|mjs|json|md))`/g)].map(
    ([, name = '']) => name,
  );
  const present = ['src', 'test', 'bench', 'templates', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (path) => `/${folder}/${path}`,
    ),
  );
  const exists = (name: string) =>
    existsSync(join(root, name)) || present.some((path) => path.endsWith(`/${name.replace(/\/$/, '')}`));
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((name) => !exists(name))).toEqual([]);
});
