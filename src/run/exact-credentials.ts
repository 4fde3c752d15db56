import type { IterationRow } from '../postman/iteration-row.js';
import type { NewmanRequest } from './newman-events.js';

const variable = /^\{\{(\w+)\}\}$/;

/**
 * Puts a device's values into a form exactly as they are. Postman replaces `{{…}}` inside a value too, so a
 * password like `{{client_id}}` or `{{$guid}}` would arrive as something else; Newman's `beforeRequest`
 * event comes after that replacement and before the body is written.
 *
 * @param resolved the request as Newman is about to send it; its form parameters are changed in place
 * @param template the same request as the collection has it
 */
export function setExactCredentials(
  resolved: NewmanRequest,
  template: NewmanRequest,
  row: IterationRow,
): void {
  const mode = template.body?.mode;
  // A pre-request script that chose another body has its own way of keeping values whole.
  if ((mode !== 'formdata' && mode !== 'urlencoded') || resolved.body?.mode !== mode) return;
  const written = resolved.body[mode]?.all() ?? [];
  for (const [index, parameter] of (template.body?.[mode]?.all() ?? []).entries()) {
    const name = variable.exec(String(parameter.value))?.[1];
    const target = written[index];
    if (name !== undefined && name in row && target !== undefined && target.key === parameter.key) {
      target.value = row[name as keyof IterationRow];
    }
  }
}
