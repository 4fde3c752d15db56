import type { IterationRow } from '../postman/iteration-row.js';
import type { FormParameter, NewmanRequest } from './newman-events.js';

const onlyVariable = /^\{\{(\w+)\}\}$/;
const anyVariable = /\{\{(\w+)\}\}/g;

/**
 * Puts a device's values into a request exactly as they are. Postman replaces `{{…}}` inside a value too, so
 * a password like `{{client_id}}` or `{{$guid}}` would arrive as something else, and a device called
 * `{{password}}` would publish its password. Newman's `beforeRequest` event comes after that replacement and
 * before the body is written.
 *
 * @param resolved the request as Newman is about to send it; its body is changed in place
 * @param template the same request as the collection has it
 * @param variables the environment's values, for the other variables of a body that has to be filled anew
 */
export function setExactCredentials(
  resolved: NewmanRequest,
  template: NewmanRequest,
  row: IterationRow,
  variables: ReadonlyMap<string, string>,
): void {
  const { body } = resolved;
  const mode = template.body?.mode;
  // A pre-request script that chose another body has its own way of keeping values whole.
  if (body === undefined || body.mode !== mode) return;
  if (mode === 'formdata' || mode === 'urlencoded') {
    setParameters(body[mode]?.all() ?? [], template.body?.[mode]?.all() ?? [], row);
  } else if (mode === 'raw') {
    setRaw(body, template.body?.raw ?? '', row, variables);
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
    if (isRowKey(name, row) && target !== undefined && target.key === parameter.key) target.value = row[name];
  }
}

/** Only where a value that is used looks like a variable; otherwise Newman's own replacement is right. */
function setRaw(
  body: { raw?: string },
  template: string,
  row: IterationRow,
  variables: ReadonlyMap<string, string>,
): void {
  const used = Array.from(template.matchAll(anyVariable), ([, name = '']) => name);
  if (!used.some((name) => isRowKey(name, row) && row[name].includes('{{'))) return;
  body.raw = template.replace(anyVariable, (whole, name: string) =>
    isRowKey(name, row) ? row[name] : (variables.get(name) ?? whole),
  );
}

function isRowKey(name: string, row: IterationRow): name is keyof IterationRow {
  return Object.hasOwn(row, name);
}
