// First enter the password in bash or zsh; neither the screen nor the history shows it:
//   IFS= read -rs BIOTZ_PASSWORD && export BIOTZ_PASSWORD
// Then: node token.mjs
const password = process.env.BIOTZ_PASSWORD;
if (!password) throw new Error('BIOTZ_PASSWORD is not set');

const response = await fetch('{{token_url}}', {
  method: 'POST',
  redirect: 'error',
  headers: { authorization: `Basic ${btoa('{{basic}}')}` },
  body: new URLSearchParams({
    username: '{{username}}',
    password,
    grant_type: 'password',
    client_id: '{{client_id}}',
    scope: '{{scope}}',
  }),
});
const answer = await response.json();
if (!answer.id_token)
  throw new Error(`${response.status} ${answer.error_description ?? answer.error ?? 'no id_token'}`);
console.log(answer.id_token);
