import { postmanError } from './errors.js';
import { optionError } from '../errors/option-error.js';
import { isIterationVariable } from './iteration-row.js';

const anyVariable = /\{\{([^{}]*)\}\}/g;

/** Whether a text has a reference to Postman's vault that no variable of that very name resolves. */
export function refersToVault(text: string, variables: ReadonlyMap<string, string>): boolean {
  return Array.from(text.matchAll(anyVariable), ([, name = '']) => name).some(
    (name) => /^\s*vault:/i.test(name) && !variables.has(name),
  );
}

/** What the collection and the environment of a run are called in errors. */
export interface PlanNames {
  readonly collection?: string | undefined;
  readonly environment?: string | undefined;
}

/**
 * Refuses references to Postman's vault in variables and in the message to publish: only Postman resolves them, and
 * Newman would send the reference itself. A device's own values take the place of those called like them.
 *
 * @param variables of the collection and the environment, with the text that counts
 * @param values of the environment alone
 * @throws {BiotzPostmanError} COLLECTION_INVALID, ENVIRONMENT_INVALID, OPTION_INVALID
 */
export function requireNoVault(
  variables: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, string>,
  payload: string,
  { collection = 'collection', environment = 'environment' }: PlanNames,
): void {
  if (refersToVault(payload, variables)) {
    throw optionError('OPTION_INVALID', {
      option: 'payload (--payload)',
      problem: "refers to Postman's vault, which only Postman itself resolves",
      next: 'Write the value itself, or use a variable of the environment.',
    });
  }
  for (const [name, value] of variables) {
    if (isIterationVariable(name) || !refersToVault(value, variables)) continue;
    const problem = `${name} is a reference to Postman's vault, which only Postman itself resolves`;
    const next = 'Give an environment that holds the value itself.';
    throw values.has(name)
      ? postmanError('ENVIRONMENT_INVALID', { file: environment, problem, next })
      : postmanError('COLLECTION_INVALID', { file: collection, problem, next });
  }
}
