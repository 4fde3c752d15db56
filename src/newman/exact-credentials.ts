import type { IterationRow } from '../postman/iteration-row.js';
import type { FormParameter, NewmanRequest } from './newman.js';

const onlyVariable = /^\{\{(\w+)\}\}$/;
const anyVariable = /\{\{(\w+)\}\}/g;

/**
 * Puts a device's values into a request exactly as they are, if Newman's own replacement does not. Newman also replaces
 * `{{…}}` inside a value, so that a password like `{{client_id}}` or `{{$guid}}` would arrive as something else, and a
 * device called `{{password}}` would publish its password. Other values are put into the request by Newman alone. Its
 * `beforeRequest` event comes after that replacement and before the body is written.
 *
 * @param resolved the request as Newman is about to send it; its body is changed in place
 * @param template the same request as the collection has it
 * @param variables the environment's values, for the other variables of a body that is filled again
 */
export function setExactCredentials(
  resolved: NewmanRequest,
  template: NewmanRequest,
  row: IterationRow,
  variables: ReadonlyMap<string, string>,
): void {
  if (!Object.values(row).some(looksLikeVariable)) return;
  const { body } = resolved;
  const mode = template.body?.mode;
  // A pre-request script that chose another body keeps values whole in its own way.
  if (body === undefined || body.mode !== mode) return;
  if (mode === 'formdata' || mode === 'urlencoded') {
    setParameters(body[mode]?.all() ?? [], template.body?.[mode]?.all() ?? [], row);
  } else if (mode === 'raw') {
    const raw = template.body?.raw ?? '';
    const used = Array.from(raw.matchAll(anyVariable), ([, name = '']) => name);
    if (!used.some((name) => isRowKey(name, row) && looksLikeVariable(row[name]))) return;
    body.raw = raw.replace(anyVariable, (whole, name: string) =>
      isRowKey(name, row) ? row[name] : (variables.get(name) ?? whole),
    );
  }
}

function setParameters(
  resolved: readonly FormParameter[],
  template: readonly FormParameter[],
  row: IterationRow,
): void {
  for (const [index, parameter] of template.entries()) {
    const name = onlyVariable.exec(String(parameter.value))?.[1] ?? '';
    const target = resolved[index];
    const isReplaced = isRowKey(name, row) && looksLikeVariable(row[name]);
    if (isReplaced && target !== undefined && target.key === parameter.key) target.value = row[name];
  }
}

const looksLikeVariable = (value: string) => value.includes('{{');

function isRowKey(name: string, row: IterationRow): name is keyof IterationRow {
  return Object.hasOwn(row, name);
}
