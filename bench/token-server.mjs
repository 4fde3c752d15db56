// A token endpoint that costs next to nothing, so that a measurement shows its clients and not the server.
// Runs in a process of its own; prints its address, and ends with its parent's pipe.
//
// node token-server.mjs [MILLISECONDS]     how far away it is: each answer comes so much later
import { setTimeout as wait } from 'node:timers/promises';
import { createServer } from 'node:http';

/** @param {object} value */
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const head = encode({ alg: 'RS256', kid: 'bench' });
const exp = Math.floor(Date.now() / 1000) + 86_400;

const delayMs = Number(process.argv[2] ?? 0);

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text) => (body += text));
  request.on('end', () => void answer(body, response));
});

/**
 * @param {string} body
 * @param {import('node:http').ServerResponse} response
 */
async function answer(body, response) {
  const username =
    /name="username"\r\n\r\n([^\r]*)/.exec(body)?.[1] ?? new URLSearchParams(body).get('username');
  const token = `${head}.${encode({ exp, preferred_username: username })}.${'s'.repeat(342)}`;
  if (delayMs > 0) await wait(delayMs);
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      access_token: token,
      refresh_token: token,
      id_token: token,
      token_type: 'Bearer',
      expires_in: 300,
    }),
  );
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') console.log(`http://127.0.0.1:${address?.port}/token`);
});
process.stdin.resume().on('end', () => process.exit());
