'use sandbox2';
// Checks whether the platform accepted the message.

/** @type {Reasons} */
const reasons = /* generate: reasons */ {};

const status = pm.response.code;

/** The body as a JSON object, or null. A byte order mark is ignored (RFC 8259, 8.1). */
function answerOrNull() {
  try {
    const value = JSON.parse((pm.response.text() ?? '').replace(/^\uFEFF/, ''));
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

const answer = status === undefined ? null : answerOrNull();

/**
 * @param {string} code
 * @param {string} hint
 */
function fail(code, hint) {
  const { meaning, remedy } = reasons[code] ?? { meaning: code, remedy: '' };
  pm.expect.fail(`${code}: ${meaning}. ${remedy} (${hint})`);
}

pm.test('Message is accepted', () => {
  if (status === 200 && answer?.['success?'] === true) return;
  if (status === undefined) fail('connection-failed', 'this request goes to ingestion_url');
  // The platform answers 404 to a missing or expired token.
  if (status === 401 || (status === 404 && answer?.error === 'Authentication required')) {
    fail('publish-unauthorized', 'an id_token is valid for minutes; send "Get token" again first');
  }
  fail('publish-refused', `HTTP ${status}`);
});
