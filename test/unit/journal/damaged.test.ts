import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Journal } from '../../../src/journal/journal.js';
import { JournalReader, readJournal } from '../../../src/journal/read-journal.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { all, failed, passed, runOf, shardOf } from './fleet.js';

const json = (value: unknown) => JSON.stringify(value);
const device = (differing: object) => json({ ...passed(1), ...differing });

/** Both ways to read a journal say the same about one that is damaged. */
async function refusals(text: string | Buffer) {
  return inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    await writeFile(file, text);
    const ways = [all(readJournal(file)), Journal.resume(file, runOf(3), 'rest')];
    const settled = await Promise.allSettled(ways);
    return settled.map((way) => {
      if (way.status === 'fulfilled') return 'accepted';
      const { code, args } = way.reason as { code: string; args: { line?: number; problem: string } };
      return `${code} ${args.line}: ${args.problem}`;
    });
  });
}

describe('a line that cannot be right is named', () => {
  test.each([
    ['no JSON', '{"type":"device"', 'it is not valid JSON'],
    ['no object', '[1]', 'it is not a JSON object'],
    ['zeros, as a crashed disk leaves them', '\0\0\0\0', 'it is not valid JSON'],
    ['an empty line', '', 'it is not valid JSON'],
    ['an unknown type', '{"type":"toString"}', 'it has no known "type"'],
    ['no index', device({ index: undefined }), 'it has no usable "index"'],
    ['an index beyond the fleet', device({ index: 3 }), 'the file has no device 3'],
    ['an index that is no whole number', device({ index: 0.5 }), 'it has no usable "index"'],
    ['a device id that is no text', device({ deviceId: 7 }), 'it has no usable "deviceId"'],
    ['an unknown reason', json(failed(1, { reason: 'toString' as never })), 'it has no usable "reason"'],
    ['an unknown status', device({ status: 'skipped' }), 'it has no usable "status"'],
    ['a failure without a reason', device({ status: 'failed' }), 'it has no usable "reason"'],
    ['attempts without their reasons', device({ attempts: 2 }), 'it has no usable "retried"'],
    ['a negative duration', device({ durationMs: -1 }), 'it has no usable "durationMs"'],
    ['a request without a name', device({ requests: [{ durationMs: 1 }] }), 'it has no usable "requests"'],
    ['an unknown end', '{"type":"end","endedAt":"2026-01-31","durationMs":1,"end":"x"}', '"end"'],
    ['a second run', json(runOf(3)), 'it is a second run record'],
    ['a device that has a result already', json(failed(0)), 'device 0 has a result already'],
  ])('%s', async (_what, line, problem) => {
    const text = `${json(runOf(3))}\n${json(passed(0))}\n${line}\n${json(passed(2))}\n`;
    for (const refusal of await refusals(text)) {
      expect(refusal).toMatch(/^JOURNAL_INVALID 3: /);
      expect(refusal).toContain(problem);
    }
  });

  test('bytes that are no UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${json(runOf(3))}\n"`),
      Buffer.from([0xff]),
      Buffer.from('"\n'),
    ]);
    for (const refusal of await refusals(bytes)) expect(refusal).toContain('2: it is not UTF-8 text');
  });

  test('a line that never ends', async () => {
    const text = `${json(runOf(3))}\n${'x'.repeat(17 * 2 ** 20)}\n`;
    for (const refusal of await refusals(text)) expect(refusal).toContain('2: it is too long');
  });
});

describe('a first line that cannot be right is named', () => {
  const run = runOf(3);
  test.each([
    ['another version', { version: 2 }, 'its version is not 1'],
    ['rows that do not add up', { fleet: { ...run.fleet, read: 9 } }, 'its rows do not add up'],
    ['an invalid digest', { options: 'x' }, 'it has no usable "options"'],
    ['a share that is not the whole', { share: shardOf(3, 1, 2).share }, 'its share is not the whole file'],
    ['a shard beyond the last', { shard: { index: 3, count: 2 } }, 'there is no shard 3 of 2'],
    ['a fleet of no size', { fleet: { ...run.fleet, devices: 2 ** 40 } }, 'it has no usable "fleet"'],
  ])('%s', async (_what, differing, problem) => {
    for (const refusal of await refusals(`${json({ ...run, ...differing })}\n`)) {
      expect(refusal).toContain(`JOURNAL_INVALID 1: ${problem}`);
    }
  });

  test('a device', async () => {
    for (const refusal of await refusals(`${json(passed(0))}\n`))
      expect(refusal).toContain('1: it does not begin with a run record');
  });

  test.each([
    ['an empty file', ''],
    ['a run that was killed at once', json(run).slice(0, 50)],
  ])('%s', async (_what, text) => {
    for (const refusal of await refusals(text)) expect(refusal).toContain('it has no whole line');
  });
});

test('more results than the shard has devices are refused', async () => {
  const text = [shardOf(4, 1, 2), passed(0), passed(2), passed(3)].map((record) => `${json(record)}\n`);
  expect((await refusals(text.join('')))[0]).toContain('4: it has more results than devices');
});

test('a folder is no journal', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    await mkdir(file);
    await expect(all(readJournal(file))).rejects.toMatchObject({ code: 'JOURNAL_INVALID' });
  }));

test('a journal that is longer than a piece of reading is read whole', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    const indexes = Array.from({ length: 4000 }, (_, index) => index);
    const records = indexes.map((index) => passed(index, { name: 'ü'.repeat(index % 97) }));
    const journal = await Journal.create(file, runOf(4000));
    journal.append(records);
    await journal.close();
    expect(await all(readJournal(file))).toEqual([runOf(4000), ...records]);
  }));

test('a journal that is cut while it is open is not taken for a shorter one', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'journal.ndjson');
    const journal = await Journal.create(file, runOf(3));
    journal.append([passed(0), passed(1)]);
    const reader = await JournalReader.open(file);
    await truncate(file, JSON.stringify(runOf(3)).length + 1);
    const cut = { code: 'JOURNAL_INVALID', args: { file, problem: 'it was cut while it was being read' } };
    await expect(all(reader.records())).rejects.toMatchObject(cut);
    await expect(all(journal.records())).rejects.toMatchObject(cut);
    await Promise.all([reader.close(), journal.close()]);
  }));
