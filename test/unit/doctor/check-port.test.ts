import { expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { checkPort } from '../../../src/doctor/check-port.js';
import { listening } from '../token/fixture.js';
import { told } from './fixture.js';

const open = () => listening(createServer());

/** A port at which no server listens any more. */
async function closed(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('a port that accepts connections', async () => {
  const hop = { host: 'auth.example.org', port: await open(), isProxy: false };
  const [found] = await checkPort(hop, ['127.0.0.1'], 5000);
  expect(found).toMatchObject({ status: 'pass', code: 'port-open' });
  expect(found?.evidence).toEqual({ addresses: ['127.0.0.1: open'] });
});

test.each([
  [false, 'connection-refused'],
  [true, 'proxy-failed'],
])('a port at which no server listens (of a proxy: %j)', async (isProxy, code) => {
  const hop = { host: 'auth.example.org', port: await closed(), isProxy };
  const findings = await checkPort(hop, ['127.0.0.1'], 5000);
  expect(told(findings)).toEqual([`tcp failure ${code}`]);
  expect(findings[0]?.evidence).toEqual({ addresses: ['127.0.0.1: ECONNREFUSED'] });
});

test('a server of which only some addresses answer is a warning, unless it is this machine', async () => {
  // The server is bound to 127.0.0.1 alone.
  const port = await open();
  const addresses = ['127.0.0.1', '127.0.0.2'];
  const far = await checkPort({ host: 'auth.example.org', port, isProxy: false }, addresses, 5000);
  expect(far).toMatchObject([
    { status: 'warning', code: 'port-partly-open', args: { open: 1, addresses: 2 } },
  ]);
  const here = await checkPort({ host: 'localhost', port, isProxy: false }, addresses, 5000);
  expect(told(here)).toEqual(['tcp pass port-open']);
});
