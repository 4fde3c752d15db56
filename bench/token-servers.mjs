import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('token-server.mjs', import.meta.url));

/** @type {import('node:child_process').ChildProcess[]} */
const servers = [];

/**
 * Starts a token endpoint in a process of its own.
 *
 * @param {number} delayMs the latency to simulate
 * @param {string[]} args further arguments, such as `signed`
 * @returns its address
 */
export async function startServer(delayMs, ...args) {
  const server = spawn(process.execPath, [program, String(delayMs), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  servers.push(server);
  const [address] = await once(server.stdout, 'data');
  return String(address).trim();
}

/** Ends all servers. */
export function stopServers() {
  for (const server of servers) server.kill();
}
