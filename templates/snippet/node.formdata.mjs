// First enter the password in bash or zsh; neither the screen nor the history shows it:
//   IFS= read -rs BIOTZ_PASSWORD && export BIOTZ_PASSWORD
// Then: node token.mjs
import { randomUUID } from 'node:crypto';

const password = process.env.BIOTZ_PASSWORD;
if (!password) throw new Error('BIOTZ_PASSWORD is not set');

const fields = {
  username: '{{username}}',
  password,
  grant_type: 'password',
  client_id: '{{client_id}}',
  scope: '{{scope}}',
};
// Written by hand, because FormData would write each line break in a value as CR LF.
const boundary = randomUUID();
const parts = Object.entries(fields).map(
  ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
);

const response = await fetch('{{token_url}}', {
  method: 'POST',
  redirect: 'error',
  headers: {
    authorization: `Basic ${btoa('{{basic}}')}`,
    'content-type': `multipart/form-data; boundary=${boundary}`,
  },
  body: `${parts.join('')}--${boundary}--\r\n`,
});
const answer = await response.json();
if (!answer.id_token)
  throw new Error(`${response.status} ${answer.error_description ?? answer.error ?? 'no id_token'}`);
console.log(answer.id_token);
