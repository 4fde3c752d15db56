// A bare undici loop, which bench/token-fleet.mjs compares with `biotz-postman token`: sends the same request and parses
// the answer. Prints logins per second.
//
// node bench/token-bare.mjs TOKEN_URL LOGINS CONNECTIONS
import { Pool } from 'undici';

const [tokenUrl = '', logins = '0', connections = '64'] = process.argv.slice(2);
const { origin, pathname: path } = new URL(tokenUrl);
const pool = new Pool(origin, { connections: Number(connections) });
const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
let next = 0;

async function one() {
  while (next < Number(logins)) {
    const username = `00000000-0000-4000-8000-${next++}@devices.data-ingestion.biotz.io`;
    const fields = new URLSearchParams({ username, password: `password ${next}` });
    const body = `grant_type=password&client_id=bench&scope=openid&${fields.toString()}`;
    const answer = await pool.request({ method: 'POST', path, headers, body });
    const tokens = /** @type {{ id_token?: string }} */ (await answer.body.json());
    if (answer.statusCode !== 200 || !tokens.id_token) throw new Error('no token');
  }
}

const startedAt = performance.now();
await Promise.all(Array.from({ length: Number(connections) }, one));
console.log((Number(logins) * 1000) / (performance.now() - startedAt));
await pool.destroy();
