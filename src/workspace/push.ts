import { workspaceError } from './errors.js';
import { isDeepStrictEqual } from 'node:util';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { PostmanApi } from './api.js';
import { OutcomeUnknown } from './api-error.js';
import type { Document } from './document.js';
import { type CreateStep, madeFrom, type Plan, type Step, type UpdateStep } from './plan.js';

/** What became of one collection or environment. */
export type Outcome =
  | { readonly step: Step; readonly state: 'created' | 'updated' | 'unchanged'; readonly uid: string }
  | FailedOutcome
  | { readonly step: Step; readonly state: 'not-attempted' };

export interface FailedOutcome {
  readonly step: Step;
  readonly state: 'failed';
  /** Whether Postman has it all the same. */
  readonly written: 'no' | 'yes' | 'unknown';
  /** Where it is known. */
  readonly uid?: string | undefined;
  readonly error: unknown;
}

/** Postman may show what was written a little later; after so many milliseconds it is asked again. */
const SETTLING_MS = [0, 500, 1_000, 2_000] as const;

/**
 * Writes what a plan says, one after the other, reads each back, and ends at the first that fails.
 *
 * @param signal ends it between two writes
 * @returns an outcome for every step, so that what was done is known in any case
 */
export async function push(api: PostmanApi, plan: Plan, signal?: AbortSignal): Promise<readonly Outcome[]> {
  const pushing = new Pushing(api, plan);
  const outcomes: Outcome[] = [];
  for (const step of plan.steps) {
    const isOver = signal?.aborted === true || outcomes.some(({ state }) => state === 'failed');
    outcomes.push(isOver ? { step, state: 'not-attempted' } : await pushing.write(step));
  }
  return outcomes;
}

class Pushing {
  readonly #api: PostmanApi;
  readonly #plan: Plan;

  constructor(api: PostmanApi, plan: Plan) {
    this.#api = api;
    this.#plan = plan;
  }

  async write(step: Step): Promise<Outcome> {
    if (step.action === 'none') return { step, state: 'unchanged', uid: step.uid };
    return step.action === 'create' ? this.#create(step) : this.#update(step);
  }

  async #create(step: CreateStep): Promise<Outcome> {
    const { kind } = step.source.resource;
    let uid: string | undefined;
    try {
      uid = await this.#api.create(kind, this.#plan.workspace.id, step.document);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) return { step, state: 'failed', written: 'no', error };
      uid = await this.#findCreated(step).catch(() => undefined);
      if (uid === undefined) {
        return { step, state: 'failed', written: 'unknown', error: uncertain(step, error) };
      }
    }
    return this.#verified(step, 'created', uid);
  }

  /** Whether what nobody knows of was made after all. It is not sent again: the list may be late. */
  async #findCreated({ source, name }: CreateStep): Promise<string | undefined> {
    const { resource, document } = source;
    for (const ms of SETTLING_MS) {
      await this.#api.wait(ms);
      const listed = await this.#api.list(resource.kind, this.#plan.workspace.id);
      const namesakes = listed.filter((each) => each.name === name);
      const [found] = await madeFrom(this.#api, resource, document, namesakes);
      if (found !== undefined) return found.uid;
    }
    return undefined;
  }

  async #update(step: UpdateStep): Promise<Outcome> {
    const { uid, theirs, merge, name } = step;
    const { kind } = step.source.resource;
    try {
      // People may have been at it while the question stood on the screen.
      if (!isDeepStrictEqual(await this.#api.get(kind, uid), theirs)) {
        throw workspaceError('PUSH_STALE', { kind, name });
      }
      await this.#api.replace(kind, uid, merge.document);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) return { step, state: 'failed', written: 'no', uid, error };
      // A 500 may come with an update that is done: postman-app-support issue 10098.
      const verified = await this.#verified(step, 'updated', uid);
      if (verified.state !== 'failed') return verified;
      return { step, state: 'failed', written: 'unknown', uid, error: uncertain(step, error) };
    }
    return this.#verified(step, 'updated', uid);
  }

  /** Reads what was written back; Postman is given some time to show it. */
  async #verified(step: Step, state: 'created' | 'updated', uid: string): Promise<Outcome> {
    const { kind } = step.source.resource;
    let places: readonly string[] = [];
    try {
      for (const ms of SETTLING_MS) {
        await this.#api.wait(ms);
        places = this.#differences(step, uid, await this.#api.get(kind, uid));
        if (places.length === 0) return { step, state, uid };
      }
    } catch (error) {
      return { step, state: 'failed', written: 'yes', uid, error };
    }
    const error = workspaceError('PUSH_UNVERIFIED', { kind, name: step.name, uid, places });
    return { step, state: 'failed', written: 'yes', uid, error };
  }

  #differences(step: Step, uid: string, now: Document): readonly string[] {
    const { resource, document: file } = step.source;
    const { changes } = resource.merge(now, file, uid, { force: this.#plan.force });
    const missing = changes.map(({ path }) => path || step.name);
    const lost = step.action === 'create' ? [] : resource.lost(step.theirs, now, file);
    return [...new Set([...missing, ...lost])];
  }
}

function uncertain({ name, source }: Step, { error }: OutcomeUnknown): BiotzPostmanError {
  return workspaceError('PUSH_UNCERTAIN', {
    kind: source.resource.kind,
    name,
    because: error.message,
  });
}
