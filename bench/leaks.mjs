// Counts the secrets that `share check` finds in the texts of leak-corpus.mjs, and its false alarms. If the path of
// gitleaks is given, counts the same for gitleaks: node bench/leaks.mjs [GITLEAKS]
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { corpus } from './leak-corpus.mjs';

const gitleaks = process.argv[2];
const program = fileURLToPath(new URL('../bin/biotz-postman.js', import.meta.url));

/** @param {readonly string[]} files paths, each of which begins with the number of its sample */
const samplesIn = (files) => new Set(files.map((file) => Number(/^\d+/.exec(basename(file))?.[0])));

/** @param {string} folder */
function foundByUs(folder) {
  const args = [program, 'share', 'check', folder, '--format', 'json'];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const { leaks } = /** @type {{ leaks: { file: string }[] }} */ (JSON.parse(stdout));
  return samplesIn(leaks.map(({ file }) => file));
}

/** @param {string} path @param {string} folder */
async function foundByGitleaks(path, folder) {
  const report = `${folder}.json`;
  const { status } = spawnSync(path, [
    'dir',
    folder,
    '--no-banner',
    '--report-format',
    'json',
    '--report-path',
    report,
  ]);
  if (status !== 0 && status !== 1) throw new Error(`gitleaks ended with ${status}`);
  const leaks = /** @type {{ File: string }[]} */ (JSON.parse(await readFile(report, 'utf8')));
  return samplesIn(leaks.map(({ File }) => File));
}

const work = await mkdtemp(join(tmpdir(), 'biotz-postman-bench-'));
try {
  const folder = join(work, 'samples');
  await mkdir(folder);
  for (const [index, { text }] of corpus.entries()) await writeFile(join(folder, `${index}.txt`), text);
  const finders = {
    'share check': foundByUs(folder),
    ...(gitleaks !== undefined && { gitleaks: await foundByGitleaks(gitleaks, folder) }),
  };
  /** @type {Record<string, Record<string, string>>} */
  const table = {};
  for (const group of [...new Set(corpus.map((sample) => sample.group)), 'all']) {
    for (const isLeak of [true, false]) {
      const samples = [...corpus.keys()].filter((index) => {
        const sample = corpus[index];
        return sample?.isLeak === isLeak && (group === 'all' || sample.group === group);
      });
      if (samples.length === 0) continue;
      table[`${group}: ${isLeak ? 'secrets' : 'look-alikes'}`] = {
        samples: String(samples.length),
        ...Object.fromEntries(
          Object.entries(finders).map(([name, found]) => [
            name,
            String(samples.filter((index) => found.has(index)).length),
          ]),
        ),
      };
    }
  }
  console.table(table);
  for (const [index, { isLeak, name }] of corpus.entries()) {
    if (finders['share check'].has(index) !== isLeak)
      console.log(isLeak ? 'missed:' : 'false alarm:', JSON.stringify(name));
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
