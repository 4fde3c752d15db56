// A very fast realm, so that a measurement shows the clients and not the server. Runs in its own process, prints its token
// URL, and ends when its parent closes the pipe.
// Usage: node bench/token-server.mjs [latency in ms, default 0] [signed]
// With `signed`, every user gets the same token, which is signed once and names no user: a signature takes ten times as
// long as everything else.
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';

const [latency = '0', signed] = process.argv.slice(2);

/** @param {object} value */
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const head = encode({ alg: 'RS256', kid: 'bench' });
const exp = Math.floor(Date.now() / 1000) + 86_400;
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** @param {string} content */
const signatureOf = (content) =>
  signed === 'signed'
    ? sign('sha256', Buffer.from(content), privateKey).toString('base64url')
    : 's'.repeat(342);

let issuer = '';
/** @type {Map<string, Buffer>} */
const answers = new Map();

/** @param {string} username */
function answerFor(username) {
  if (signed === 'signed') username = '';
  const known = answers.get(username);
  if (known) return known;
  // The length of Keycloak's tokens.
  const id = '00000000-0000-4000-8000-000000000000';
  const claims = {
    exp,
    iat: exp,
    jti: id,
    iss: issuer,
    aud: 'bench',
    sub: id,
    typ: 'ID',
    azp: 'bench',
    sid: id,
  };
  const owner = username === '' ? {} : { preferred_username: username };
  const content = `${head}.${encode({ ...claims, ...owner })}`;
  const token = `${content}.${signatureOf(content)}`;
  const answer = Buffer.from(
    JSON.stringify({
      access_token: token,
      expires_in: 300,
      refresh_expires_in: 1800,
      refresh_token: token,
      token_type: 'Bearer',
      id_token: token,
      'not-before-policy': 0,
      session_state: id,
      scope: 'openid email profile',
    }),
  );
  answers.set(username, answer);
  return answer;
}

/** The documents that clients get with GET. */
const documents = () => ({
  '/realms/bench/.well-known/openid-configuration': {
    issuer,
    jwks_uri: `${issuer}/protocol/openid-connect/certs`,
  },
  '/realms/bench/protocol/openid-connect/certs': {
    keys: [{ kid: 'bench', alg: 'RS256', use: 'sig', ...publicKey.export({ format: 'jwk' }) }],
  },
});

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(Object.entries(documents()).find(([path]) => path === request.url)?.[1]));
    return;
  }
  let body = '';
  request.setEncoding('utf8').on('data', (text) => (body += text));
  request.on('end', () => {
    const username =
      /name="username"\r\n\r\n([^\r]*)/.exec(body)?.[1] ??
      decodeURIComponent(/(?:^|&)username=([^&]*)/.exec(body)?.[1] ?? '');
    const send = () =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(answerFor(username));
    if (latency === '0') send();
    else setTimeout(send, Number(latency));
  });
});
server.listen(0, '127.0.0.1', 4096, () => {
  const address = server.address();
  if (typeof address !== 'object') return;
  issuer = `http://127.0.0.1:${address?.port}/realms/bench`;
  console.log(`${issuer}/protocol/openid-connect/token`);
});
process.stdin.resume().on('end', () => process.exit());
