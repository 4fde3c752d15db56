'use sandbox2';
// Stores id_token for later requests, or reports why it is missing. No message holds a password or a token.

// This must come first: no token of an earlier device or login may survive this answer.
pm.environment.unset('id_token');
pm.environment.unset('id_token_expires_at');

/** @type {TokenAnswers} */
const answers = /* generate: tokenAnswers */ [];

/** @type {Reasons} */
const reasons = /* generate: reasons */ {};

/** @type {string} */
const plainWords = /* generate: plainWords */ '';

/** Tolerated difference between the server's clock and ours, in seconds. */
const CLOCK_SKEW = 60;

/**
 * A byte order mark is ignored (RFC 8259, 8.1).
 *
 * @param {string} text
 */
function jsonObject(text) {
  try {
    const value = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

// In a script that Bruno has imported, `pm.variables` does not include iteration data and environment.
/** @param {string} name */
const variable = (name) => pm.variables.get(name) ?? pm.iterationData.get(name) ?? pm.environment.get(name);

/**
 * Whether a variable's value is in Postman's vault, which scripts cannot read.
 *
 * @param {string} name
 */
const isInVault = (name) => /^\{\{vault:.+\}\}$/.test(variable(name) ?? '');

/** @param {unknown} value */
const isText = (value) => typeof value === 'string' && value !== '';

const status = pm.response.code;
const answer = status === undefined ? null : jsonObject(pm.response.text() ?? '');

/** @type {any} */
let claims = null;

/** Keycloak's names for its other tokens, in the claim "typ". */
const otherKinds = /^(Bearer|DPoP|Refresh|Offline|Logout|Serialized-ID)$/i;

/** @param {string} text */
const isBase64Url = (text) => /^[\w-]+$/.test(text);

/** Reads the claims of the id_token (RFC 7519). Returns the reason if it is not usable as an id_token, otherwise null. */
function idTokenFault() {
  const parts = answer.id_token.split('.', 6);
  const [head, payload] = parts
    .slice(0, 2)
    .map((/** @type {string} */ part) =>
      isBase64Url(part) ? jsonObject(Buffer.from(part, 'base64').toString()) : null,
    );
  // RFC 7516, 7.1: an encrypted token has five parts.
  if (parts.length === 5 && isText(head?.enc)) return 'id-token-encrypted';
  if (parts.length !== 3 || !isBase64Url(parts[2]) || !head || !payload) return 'id-token-malformed';
  // RFC 8725, 3.11: "at+jwt" is an access token, "logout+jwt" another kind of its own.
  const isOther =
    (isText(head.typ) && /\+jwt$/i.test(head.typ)) || (isText(payload.typ) && otherKinds.test(payload.typ));
  if (isOther) return 'id-token-of-another-kind';
  // The latest time that a Date can hold is 8.64e12 seconds.
  if (typeof payload.exp !== 'number' || Math.abs(payload.exp) > 8.64e12) return 'id-token-malformed';
  claims = payload;
  return null;
}

/** The server's words about a refusal (RFC 6749, 5.2). */
const words = () => [answer?.error, answer?.error_description].filter(isText);

/** The reason for a status other than 200. The first matching row of the table counts, as in the program itself. */
function refusal() {
  if (status === undefined) return variable('token_url') ? 'connection-failed' : 'url-invalid';
  // In Bruno a body has no mode: it is form-data unless a script has changed it.
  const formData =
    !/^(raw|urlencoded)$/.test(String(pm.request.body?.mode)) && !pm.request.headers.has('Authorization');
  const prose = words().join(' ');
  const row = answers.find(
    ({ status: code, error, says, formDataOnly }) =>
      code === status &&
      (error === undefined || error === answer?.error) &&
      (says === undefined || prose.includes(says)) &&
      (!formDataOnly || formData),
  );
  // An environment without a username sends the literal {{username}}, which is not a user.
  const noUsername = row?.reason === 'invalid-user-credentials' && !variable('username');
  if (noUsername) return 'username-not-received';
  if (row) return row.reason;
  if (status >= 300 && status < 400) return 'redirected';
  return status >= 500 ? 'server-error' : 'status-unexpected';
}

/** @param {string} text */
const lettersOf = (text) => text.toLowerCase().replace(/[^a-z]/g, '');

/**
 * A text of the server if it is plain prose, otherwise its length: a server can echo a password spaced, reversed or in hex.
 * Plain prose contains no word of the password. The program itself decides in the same way.
 *
 * @param {string} text
 */
function plainOrLength(text) {
  const password = lettersOf(String(variable('password') || ''));
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const isPlain =
    text.length <= 200 &&
    !isInVault('password') &&
    /^[A-Za-z_ ,.'"():;?{}[\]-]+$/.test(text) &&
    words.every((word) => ` ${plainWords} `.includes(` ${word} `)) &&
    (password === '' || !lettersOf(text).includes(password)) &&
    !words.some((word) => word.length > 2 && password.includes(word));
  return isPlain ? text : `[not shown, length ${text.length}]`;
}

/** The server's words about an answer that no row explains. */
const serverSays = () => [` (HTTP ${status}`, ...words().map(plainOrLength)].join(', ') + ')';

let failed = false;

/**
 * Makes one assertion. After the first failure the others are skipped, because they would only repeat it.
 *
 * @param {string} name
 * @param {() => boolean} holds
 * @param {string | (() => string)} reason
 */
function check(name, holds, reason) {
  // Bruno has no `skip`.
  if (failed) return pm.test.skip?.(name);
  return pm.test(name, () => {
    failed = true;
    if (holds()) {
      failed = false;
      return;
    }
    const code = typeof reason === 'string' ? reason : reason();
    const { meaning, remedy } = reasons[code] ?? { meaning: name, remedy: '' };
    const unexplained = code === 'status-unexpected' || code === 'server-error';
    pm.expect.fail(`${code}: ${meaning}. ${remedy}${unexplained ? serverSays() : ''}`);
  });
}

check('Status is 200', () => status === 200, refusal);
check('Body is a JSON object', () => answer !== null, 'answer-not-json');
check('access_token is present', () => isText(answer.access_token), 'access-token-missing');
// RFC 6749, 5.1: the type is case-insensitive.
check(
  'token_type is Bearer',
  () => isText(answer.token_type) && /^bearer$/i.test(answer.token_type),
  'token-type-unexpected',
);
check('id_token is present', () => isText(answer.id_token), 'id-token-missing');
check(
  'id_token is a signed JWT',
  () => idTokenFault() === null,
  () => idTokenFault() ?? '',
);
check('id_token has not expired', () => claims.exp > Date.now() / 1000 - CLOCK_SKEW, 'id-token-expired');
// Keycloak writes user names in lower case, and only if the client has the "profile" scope.
check(
  'id_token belongs to this user',
  () =>
    claims.preferred_username === undefined ||
    isInVault('username') ||
    (isText(claims.preferred_username) &&
      claims.preferred_username.toLowerCase() === String(variable('username')).toLowerCase()),
  'id-token-of-another-user',
);

if (failed) {
  // Nothing else is sent for this device; a runner continues with the next device.
  pm.execution.setNextRequest(null);
} else {
  pm.environment.set('id_token', answer.id_token);
  pm.environment.set('id_token_expires_at', new Date(claims.exp * 1000).toISOString());
}
