// `biotz-postman run` beside plain `newman run`: the same devices, collection and server, in turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure, median } from './measure.mjs';

const devices = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 3);
const program = fileURLToPath(new URL('../bin/biotz-postman.js', import.meta.url));
const newman = createRequire(import.meta.url).resolve('newman/bin/newman.js');
const folder = mkdtempSync(join(tmpdir(), 'biotz-postman-bench-'));
const server = spawn(process.execPath, [fileURLToPath(new URL('token-server.mjs', import.meta.url))], {
  stdio: ['pipe', 'pipe', 'inherit'],
});

try {
  const [address] = await once(server.stdout, 'data');
  const tokenUrl = String(address).trim();
  const file = join(folder, 'devices.csv');
  writeFileSync(file, credentials(devices));
  const out = join(folder, 'generated');
  // `Get token` without a script before it: the same work for both.
  await measure([program, 'generate', file, '--out', out, '--token-url', tokenUrl]);
  const ours = [program, 'run', file, '--token-url', tokenUrl];
  const generated = [
    join(out, 'biotz.postman_collection.json'),
    '-e',
    join(out, 'biotz.shared.postman_environment.json'),
    '-d',
    join(out, 'private/devices.data.json'),
    '--folder',
    'Get token',
  ];
  const plain = [newman, 'run', ...generated];
  const sameCollection = [
    program,
    'run',
    file,
    '--collection',
    generated[0] ?? '',
    '--environment',
    generated[2] ?? '',
    '--folder',
    'Get token',
  ];
  /** @type {Record<string, { args: string[], seconds: number[], megabytes: number[] }>} */
  const measured = {
    'newman run': { args: plain, seconds: [], megabytes: [] },
    'run, the same collection file': { args: sameCollection, seconds: [], megabytes: [] },
    run: { args: ours, seconds: [], megabytes: [] },
  };
  for (let round = 0; round < rounds; round++) {
    for (const entry of Object.values(measured)) {
      const { seconds, megabytes } = await measure(entry.args);
      entry.seconds.push(seconds);
      entry.megabytes.push(megabytes);
    }
  }
  const base = median(measured['newman run']?.seconds ?? []);
  console.table(
    Object.fromEntries(
      Object.entries(measured).map(([name, { seconds, megabytes }]) => [
        name,
        {
          devices,
          'median s': median(seconds).toFixed(1),
          'devices/s': Math.round(devices / median(seconds)),
          'time / newman run': (median(seconds) / base).toFixed(2),
          'peak MB': Math.round(median(megabytes)),
          target: name === 'newman run' ? '' : '<= 1.05',
        },
      ]),
    ),
  );
} finally {
  server.kill();
  rmSync(folder, { recursive: true });
}

/** @param {number} count */
function credentials(count) {
  const rows = Array.from({ length: count }, (_, index) => {
    const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    return `Yes,device ${index},customer,${id},${id},${id}@devices.data-ingestion.biotz.io,password-${index},organization`;
  });
  return `Created,Name,Customer ID,Device ID,MQTT Username,HTTP Username,Password,Organization ID\n${rows.join('\n')}\n`;
}
