import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { type Subject, verdictOf } from '../../../src/doctor/diagnosis.js';
import { runChecks } from '../../../src/doctor/run-checks.js';
import type { StandInOptions } from '../../../src/stand-in/server.js';
import { caseRealm } from '../stand-in/case-realm.js';
import { start } from '../stand-in/platform.js';
import { deviceOf, endpoint, listening, sendJson } from '../token/fixture.js';
import { startProxy } from '../http/proxy-server.js';
import { authority, found, secureServer, subjectOf, told, wrong } from './fixture.js';

const [one] = caseRealm.users;
const device = deviceOf(one.username, one.password);
const message = { messageType: 'climate', payload: '{"temp":1}' };

/** Examines an embedded platform that is started for it. */
async function examine(
  options: Partial<StandInOptions>,
  changes: Partial<Subject> = {},
  profile: object = {},
) {
  const platform = await start(options);
  const { tokenUrl, ingestionUrl } = platform;
  const subject = subjectOf({ tokenUrl, ingestionUrl, ...profile }, changes);
  const { findings, token, settings } = await runChecks(subject);
  return { platform, findings, token, settings, announced: subject.announced.map(({ what }) => what) };
}

test('without a device nothing is wrong with a good server, and no user is logged in', async () => {
  const { platform, findings, announced } = await examine({ behaviour: 'gateway' });
  expect(told(findings)).toEqual([
    'proxy pass proxy-not-used',
    'name pass name-not-needed',
    'tcp pass port-open',
    'tls skipped tls-absent',
    'discovery pass discovery-agrees',
    'keys pass keys-usable',
    'client pass client-accepted',
    'encoding pass encoding-read',
    'device skipped device-not-given',
    'clock unknown clock-unknown',
    'id-token skipped not-checked',
    'message skipped message-not-asked-for',
    'session skipped not-checked',
  ]);
  expect(announced).toEqual(['probe']);
  expect(platform.counts).toMatchObject({ logins: 0 });
  expect(verdictOf(findings)).toBe('healthy');
});

describe('a device', () => {
  test('is logged in once, its token is checked, its message published, and its session ended', async () => {
    const { platform, findings, token, announced } = await examine({}, { device, message });
    expect(told(findings).slice(-5)).toEqual([
      'device pass device-logged-in',
      'clock pass clock-agrees',
      'id-token pass id-token-genuine',
      'message pass message-published',
      'session pass session-ended',
    ]);
    expect(announced).toEqual(['probe', 'login', 'message']);
    expect(platform.counts).toMatchObject({ logins: 1, logouts: 1, published: 1 });
    expect(token).toMatchObject({ alg: 'ES256', lifetimeS: 300 });
    expect(token?.claims).toMatchObject({ preferred_username: one.username, aud: caseRealm.clientId });
    const everything = JSON.stringify({ findings, token });
    expect(everything).not.toContain(one.password);
    expect(everything).not.toMatch(/eyJ/);
  });

  test('publishes a message only on request', async () => {
    const { platform } = await examine({}, { device });
    expect(platform.counts).toMatchObject({ published: 0, unpublished: 0 });
  });

  test('with a wrong password is refused, and leaves nothing behind', async () => {
    const { findings } = await examine({}, { device: deviceOf(one.username, 'wrong'), message });
    expect(told(findings).slice(-5)).toEqual([
      'device failure invalid-user-credentials',
      'clock unknown clock-unknown',
      'id-token skipped not-checked',
      'message skipped not-checked',
      'session skipped not-checked',
    ]);
    expect(verdictOf(findings)).toBe('refused');
  });

  test('is not logged in if the client is refused', async () => {
    const { platform, findings, announced } = await examine({}, { device }, { clientId: 'no-direct-grants' });
    expect(wrong(findings)).toContain('client failure direct-grants-off');
    expect(announced).toEqual(['probe']);
    expect(platform.counts).toMatchObject({ logins: 0, refused: 1 });
  });

  test.each([
    ['no refresh token', { refreshTokens: false }, 'session warning session-not-endable'],
    ['no profile scope', { profileScope: false }, 'id-token warning id-token-names-no-user'],
    ['a short life', { tokenLifetimeS: 30 }, 'id-token warning id-token-short-lived'],
  ])('whose token has %s gets a warning', async (_what, options, warning) => {
    const { findings } = await examine({ behaviour: 'gateway', ...options }, { device });
    expect(wrong(findings)).toEqual([warning]);
    expect(verdictOf(findings)).toBe('healthy');
  });

  test('without openid in the scope gets no id_token, and its session is still ended', async () => {
    const { platform, findings } = await examine({}, { device }, { scope: 'email' });
    expect(wrong(findings)).toEqual(
      expect.arrayContaining(['client failure scope-without-openid', 'device failure id-token-missing']),
    );
    expect(platform.counts).toMatchObject({ logouts: 1 });
  });
});

describe("the server's clock", () => {
  const hour = 3_600_000;

  test('is known from a token that is refused because of it', async () => {
    const { findings } = await examine({ now: () => Date.now() - hour }, { device });
    expect(wrong(findings)).toContain('device failure id-token-expired');
    const { seconds, source } = found(findings, 'clock-off').args as { seconds: number; source: string };
    expect(source).toBe('iat');
    expect(Math.abs(seconds + 3600)).toBeLessThan(3);
  });

  test('may be ahead, and its tokens are accepted', async () => {
    const { findings } = await examine({ now: () => Date.now() + hour }, { device });
    expect(told(findings)).toContain('device pass device-logged-in');
    expect(wrong(findings)).toContain('clock failure clock-off');
  });
});

describe('a message is refused', () => {
  test('by a server that does not know the token', async () => {
    const other = await endpoint((_request, response) =>
      sendJson(response, 404, { error: 'Authentication required' }),
    );
    const ingestionUrl = new URL(other).origin;
    const { findings } = await examine({}, { device, message }, { ingestionUrl });
    expect(found(findings, 'publish-unauthorized')).toMatchObject({
      status: 'failure',
      evidence: { ingestionUrl, status: 404, answer: '{"error":"Authentication required"}' },
    });
    expect(told(findings).at(-1)).toBe('session pass session-ended');
  });

  test('if no server answers', async () => {
    const { findings } = await examine({}, { device, message }, { ingestionUrl: 'http://127.0.0.1:9' });
    expect(wrong(findings)).toContain('message failure connection-refused');
    expect(verdictOf(findings)).toBe('unreachable');
  });
});

describe('a realm behind another name', () => {
  /** Speaks https for the embedded platform, describes itself well, and hands tokens on as they are. */
  async function front(options: Partial<StandInOptions> = {}): Promise<string> {
    const platform = await start(options);
    const server = await secureServer('good', (request, response) => {
      const chunks: Buffer[] = [];
      const issuer = `https://${request.headers.host}/realms/biotz-platform`;
      const answer = async () => {
        if (request.url?.endsWith('openid-configuration') === true) {
          return sendJson(response, 200, { issuer, jwks_uri: `${issuer}/protocol/openid-connect/certs` });
        }
        const { 'content-type': type = '', authorization = '' } = request.headers;
        const reply = await fetch(`${platform.url}${request.url}`, {
          method: request.method ?? 'GET',
          ...(request.method === 'POST' && {
            headers: { 'content-type': type, ...(authorization !== '' && { authorization }) },
            body: Buffer.concat(chunks),
          }),
        });
        if (reply.status === 204) return response.writeHead(204).end();
        return sendJson(response, reply.status, await reply.json());
      };
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => void answer());
    });
    return `${server.origin}/realms/biotz-platform/protocol/openid-connect/token`;
  }

  test('gives tokens that are refused later, and no message is sent with one', async () => {
    const tokenUrl = await front();
    const connection = { timeoutMs: 20_000, ca: [authority] };
    const subject = subjectOf({ tokenUrl }, { device, message, connection });
    const { findings } = await runChecks(subject);
    expect(told(findings)).toContain('tls pass certificate-good');
    expect(wrong(findings)).toContain('id-token failure id-token-issuer-unexpected');
    expect(found(findings, 'not-checked')).toMatchObject({ check: 'message', args: { because: 'id-token' } });
    expect(told(findings).at(-1)).toBe('session pass session-ended');
    expect(subject.announced.map(({ what }) => what)).toEqual(['probe', 'login']);
  });

  test('is sent nothing if its certificate is not trusted', async () => {
    const subject = subjectOf({ tokenUrl: await front() }, { device, message });
    const { findings, settings } = await runChecks(subject);
    expect(wrong(findings)).toEqual(['tls failure certificate-untrusted']);
    expect(verdictOf(findings)).toBe('unreachable');
    expect(subject.announced).toEqual([]);
    expect(settings).toBeUndefined();
  });

  test('is sent everything with insecure, and the fault is a warning', async () => {
    const connection = { timeoutMs: 20_000, insecure: true };
    const subject = subjectOf({ tokenUrl: await front({ behaviour: 'gateway' }) }, { connection });
    expect(wrong((await runChecks(subject)).findings)).toEqual(['tls warning certificate-untrusted']);
  });
});

describe('through a proxy', () => {
  const tokenUrl = 'https://auth.example.org/token';
  const through = (httpsProxy: string) => ({
    connection: { timeoutMs: 20_000, ca: [authority], proxy: { httpsProxy } },
  });

  test("the proxy's name and port are checked, and the server's certificate", async () => {
    const { port } = await secureServer('other-host');
    const { url } = await startProxy({ port: Number(port) });
    const resolve = async (host: string) => (host === 'localhost' ? ['127.0.0.1'] : []);
    const named = url.replace('127.0.0.1', 'localhost');
    const { findings } = await runChecks(subjectOf({ tokenUrl }, { ...through(named), resolve }));
    expect(told(findings).slice(0, 4)).toEqual([
      'proxy pass proxy-used',
      'name pass name-found',
      'tcp pass port-open',
      'tls pass certificate-good',
    ]);
    expect(found(findings, 'name-found').args).toEqual({ host: 'localhost', addresses: 1 });
  });

  test('that does not exist, nothing is sent', async () => {
    const { findings } = await runChecks(subjectOf({ tokenUrl }, through('http://127.0.0.1:9')));
    expect(wrong(findings)).toEqual(['tcp failure proxy-failed']);
    expect(verdictOf(findings)).toBe('unreachable');
  });

  test('that is not an address, nothing is tried', async () => {
    const examined = runChecks(subjectOf({ tokenUrl }, through('ftp://127.0.0.1')));
    await expect(examined).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});

describe('if the server cannot be reached, nothing is sent, and later checks are skipped', () => {
  test('its name does not exist', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }));
    const subject = subjectOf({ tokenUrl: 'https://auth.invalid/token' }, { resolve, device, message });
    const { findings } = await runChecks(subject);
    expect(told(findings).slice(0, 3)).toEqual([
      'proxy pass proxy-not-used',
      'name failure host-not-found',
      'tcp skipped not-checked',
    ]);
    expect(findings).toHaveLength(13);
    expect(subject.announced).toEqual([]);
    expect(verdictOf(findings)).toBe('unreachable');
  });

  test('it accepts connections and does not answer', async () => {
    const silent = `http://127.0.0.1:${await listening(createServer())}`;
    const tokenUrl = `${silent}/realms/r/protocol/openid-connect/token`;
    const subject = subjectOf({ tokenUrl }, { device, connection: { timeoutMs: 200 } });
    const { findings } = await runChecks(subject);
    expect(wrong(findings)).toEqual(['discovery failure timeout']);
    expect(verdictOf(findings)).toBe('unreachable');
    expect(subject.announced).toEqual([]);
  });
});

test('a token URL that names no realm still logs in, and the session stays', async () => {
  const platform = await start({ behaviour: 'gateway' });
  const tokenUrl = await endpoint((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      void fetch(platform.tokenUrl, { method: 'POST', headers, body: Buffer.concat(chunks) }).then(
        async (reply) => sendJson(response, reply.status, await reply.json()),
      );
    });
  });
  const { findings } = await runChecks(subjectOf({ tokenUrl }, { device }));
  expect(wrong(findings)).toEqual([
    'discovery warning realm-not-recognised',
    'id-token unknown id-token-unchecked',
    'session warning session-not-ended',
  ]);
});

describe('an interruption', () => {
  const interruptAt = async (what: string) => {
    const controller = new AbortController();
    const announce: Subject['announce'] = (said) => said.what === what && controller.abort();
    return examine({}, { device, message, announce, signal: controller.signal });
  };

  test('before the login skips it', async () => {
    const { platform, findings } = await interruptAt('probe');
    expect(told(findings).slice(-5)).toEqual(
      ['device', 'clock', 'id-token', 'message', 'session'].map((check) => `${check} skipped interrupted`),
    );
    expect(platform.counts).toMatchObject({ logins: 0 });
  });

  test('after the login still ends the session', async () => {
    const { platform, findings } = await interruptAt('login');
    expect(told(findings).slice(-2)).toEqual(['message skipped interrupted', 'session pass session-ended']);
    expect(platform.counts).toMatchObject({ logins: 1, logouts: 1, published: 0 });
  });
});
