'use sandbox2';
// Changes how the credentials are sent, if body_mode or client_auth requires it. By default the request is form-data
// that includes the client.

// In a script that Bruno has imported, `pm.variables` does not include iteration data and environment.
/** @param {string} name */
const variable = (name) => pm.variables.get(name) ?? pm.iterationData.get(name) ?? pm.environment.get(name);

/**
 * @param {string} name
 * @param {readonly [string, string]} allowed the first is the default
 */
function oneOf(name, allowed) {
  const value = variable(name) || allowed[0];
  const known = allowed.includes(value);
  if (!known) refuse(`${name} is "${value}"; it must be "${allowed[0]}" or "${allowed[1]}"`);
  return value;
}

/**
 * Sends nothing for this device. An error alone is not enough, because runners would still send the request.
 *
 * @param {string} problem
 */
function refuse(problem) {
  pm.environment.unset('id_token');
  pm.environment.unset('id_token_expires_at');
  pm.execution.setNextRequest(null);
  pm.test('Settings are known', () => pm.expect.fail(`${problem}. Nothing was sent.`));
  pm.execution.skipRequest();
}

const bodyMode = oneOf('body_mode', ['formdata', 'urlencoded']);
const clientAuth = oneOf('client_auth', ['body', 'basic']);

if (clientAuth === 'basic') {
  // RFC 6749, 2.3.1: percent-encoded, then Base64; a public client's secret is empty.
  const credentials = `${encodeURIComponent(variable('client_id'))}:`;
  pm.request.headers.upsert({
    key: 'Authorization',
    value: `Basic ${Buffer.from(credentials).toString('base64')}`,
  });
}

// A body that a user has changed to urlencoded stays unchanged.
if (bodyMode === 'urlencoded' && pm.request.body?.mode === 'formdata') {
  /** @type {readonly { key: string, value: string, disabled?: boolean }[]} */
  const fields = pm.request.body.formdata?.all() ?? [];
  const parameters = fields
    .filter(({ disabled }) => !disabled)
    .map(({ key, value }) => {
      const name = /^\{\{(.+)\}\}$/.exec(value)?.[1];
      return { key, value: name === undefined ? value : String(variable(name) ?? '') };
    });
  if (parameters.some(({ value }) => /^\{\{vault:.+\}\}$/.test(value))) {
    // Scripts cannot read the vault: Postman resolves its references later.
    pm.request.body.update({ mode: 'urlencoded', urlencoded: parameters });
  } else {
    // Postman would replace {{…}} inside a password; percent-encoding protects it.
    const pairs = parameters.map(
      ({ key, value }) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`,
    );
    pm.request.body.update({ mode: 'raw', raw: pairs.join('&') });
    pm.request.headers.upsert({ key: 'Content-Type', value: 'application/x-www-form-urlencoded' });
  }
}
