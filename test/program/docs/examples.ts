import { readdir, readFile } from 'node:fs/promises';

const root = new URL('../../../', import.meta.url);

/** A block of code of a page. */
interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

interface Page {
  readonly name: string;
  /** What is around the blocks. */
  readonly prose: string;
  readonly blocks: readonly Block[];
}

/** README and everything in docs/, taken apart. */
export async function readPages(): Promise<readonly Page[]> {
  const docs = await readdir(new URL('docs/', root));
  const names = ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
  return Promise.all(
    names.toSorted().map(async (name) => pageOf(name, await readFile(new URL(name, root), 'utf8'))),
  );
}

function pageOf(name: string, text: string): Page {
  const fence = /^```(\w*)\n(.*?)^```$/gms;
  const blocks = [...text.matchAll(fence)].map(([, language = '', content = '']) => ({
    page: name,
    language,
    text: content,
  }));
  return { name, prose: text.replace(fence, ''), blocks };
}

/** Command lines of this program with an argument: those of shell and YAML blocks, and those within the prose. */
export function commandsOf(pages: readonly Page[]): readonly string[] {
  const inBlocks = pages
    .flatMap(({ blocks }) => blocks)
    .filter(({ language }) => language === 'sh' || language === 'yaml')
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/^- run: |\bnpx |^exec |\s+# .*/g, '').trim())
    .filter((line) => /^(?:\w+=\$\()?biotz-postman /.test(line));
  const inProse = pages
    .flatMap(({ prose }) =>
      [...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/^npx /, '')),
    )
    .filter((code) => /^(?:\w+=\$\()?biotz-postman \S+ \S/.test(code));
  return [...new Set([...inBlocks, ...inProse])].toSorted();
}

/** Names of options and variables within prose and blocks. */
export function namesIn(pages: readonly Page[]): {
  readonly options: Set<string>;
  readonly variables: Set<string>;
} {
  const text = pages
    .map(({ prose, blocks }) => [prose, ...blocks.map((block) => block.text)].join('\n'))
    .join('\n');
  const names = (pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, name = '']) => name));
  return {
    options: names(/(?<=[\s`(|])--([a-z][a-z0-9-]+)\b/g),
    variables: names(/\bBIOTZ_([A-Z_]+[A-Z])\b/g),
  };
}
