import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../text/json.js';
import { OutcomeUnknown } from './api-error.js';
import type { PostmanApi } from './api.js';
import { workspaceError } from './errors.js';
import { type CreateStep, madeFrom, type Plan, type Step, type UpdateStep } from './plan.js';

/** What happened to one collection or environment. */
export type Outcome =
  | { readonly step: Step; readonly state: 'created' | 'updated' | 'unchanged'; readonly uid: string }
  | FailedOutcome
  | { readonly step: Step; readonly state: 'not-attempted' };

export interface FailedOutcome {
  readonly step: Step;
  readonly state: 'failed';
  /** Whether Postman has the document although the step failed. */
  readonly written: 'no' | 'yes' | 'unknown';
  /** `undefined` if unknown. */
  readonly uid?: string | undefined;
  readonly error: unknown;
}

/** Postman may show a written document late: waits before each attempt to read it, in milliseconds. */
const SETTLING_MS = [0, 500, 1_000, 2_000] as const;

/**
 * Carries out a plan: writes one document after the other, reads each back, and stops at the first failure.
 *
 * @param signal stops the push between two writes
 * @returns an outcome for every step
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
    try {
      const uid = await this.#api.create(kind, this.#plan.workspace.id, step.document);
      return await this.#verified(step, 'created', uid);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) return { step, state: 'failed', written: 'no', error };
      const uid = await this.#findCreated(step).catch(() => undefined);
      return uid === undefined ? uncertain(step, error, uid) : this.#verified(step, 'created', uid);
    }
  }

  /** Looks for a document that may have been created. It is not sent again, because the list may be late. */
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
      // Another user may have edited it while the question was on the screen.
      if (!isDeepStrictEqual(await this.#api.get(kind, uid), theirs)) {
        throw workspaceError('PUSH_STALE', { kind, name });
      }
      await this.#api.replace(kind, uid, merge.document);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) return { step, state: 'failed', written: 'no', uid, error };
      // The API may answer 500 to an update that it carried out: postman-app-support issue 10098.
      const verified = await this.#verified(step, 'updated', uid);
      return verified.state === 'failed' ? uncertain(step, error, uid) : verified;
    }
    return this.#verified(step, 'updated', uid);
  }

  /** Reads a written document back, several times if Postman does not show it yet. Never rejects. */
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

  #differences(step: Step, uid: string, now: JsonObject): readonly string[] {
    const { resource, document: file } = step.source;
    const { changes } = resource.merge(now, file, uid, { force: this.#plan.force });
    const missing = changes.map(({ path }) => path || step.name);
    const lost = step.action === 'create' ? [] : resource.lost(step.theirs, now, file);
    return [...new Set([...missing, ...lost])];
  }
}

function uncertain(step: Step, { error }: OutcomeUnknown, uid: string | undefined): FailedOutcome {
  const { kind } = step.source.resource;
  const uncertainty = workspaceError('PUSH_UNCERTAIN', { kind, name: step.name, because: error.message });
  return { step, state: 'failed', written: 'unknown', uid, error: uncertainty };
}
