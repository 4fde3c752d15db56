import type { Device } from '../device/device.js';
import type { Profile } from '../platform/profile.js';
import { OutputFolder, type OutputFile, type OutputWriter } from '../files/output-folder.js';
import { createCollection, withApi } from './collection.js';
import { DeviceChoice, type ChosenDevice, type DeviceSelection } from './device-choice.js';
import { stringify, type ApiRequests } from './document.js';
import { createEnvironment, type SharedSecrets } from './environment.js';
import { iterationRow } from './iteration-row.js';
import { COLLECTION_FILE, SHARED_ENVIRONMENT_FILE, USER_ENVIRONMENT_FILE } from './file-names.js';
import type { Templates } from './templates.js';

/** Size of a piece. Writing single lines would take longer than making them; larger pieces only cost memory. */
const PIECE_LENGTH = 64 * 1024;

export interface GenerateOptions {
  /** The folder, which is made if it is missing. */
  readonly out: string;
  /** The credentials file's name, for messages. */
  readonly source: string;
  readonly profile: Profile;
  /** Default: the package's own. */
  readonly templates?: Templates;
  /** Devices whose private environments are written. Default: `first`. */
  readonly select?: DeviceSelection;
  /** Values of the credentials in the shared environment. Default: `blank`. */
  readonly secrets?: SharedSecrets;
  /** The message type's internal name, for the environments. */
  readonly messageType?: string;
  /** The body of `Publish data`, a JSON text. Default: the template's. */
  readonly payload?: string;
  /** Requests of another API, which follow the devices' own requests. */
  readonly api?: ApiRequests;
  /** Login of a user of the Developer API. Default: no environment for users is written. */
  readonly userProfile?: Profile;
}

/** Files that are written, but not yet in their places. Call one of the two methods in the end. */
export interface StagedFiles {
  /** Number of devices in the iteration data. */
  readonly deviceCount: number;
  /**
   * Moves all files to their places; each is replaced whole. If this fails, the staged files are removed.
   *
   * @param options.force also replace files that a person changed
   * @throws {@link BiotzPostmanError} `OUTPUT_CHANGED`, `OUTPUT_NOT_WRITTEN`
   */
  commit(options?: { readonly force?: boolean }): Promise<readonly OutputFile[]>;
  /** Removes the staged files; existing files stay unchanged. */
  discard(): Promise<void>;
}

/**
 * Writes the collection, the environments and the iteration data of a fleet beside their places, in one pass over its
 * devices. Nothing is replaced before {@link StagedFiles.commit}, so that the caller can still cancel if the last line of
 * the input is invalid.
 *
 * @param devices batches of devices, in the file's order; its errors are rethrown. If absent, no files for devices are
 *   written
 * @throws {@link BiotzPostmanError} `DEVICE_NOT_FOUND`, `DEVICE_AMBIGUOUS`, `OUTPUT_NOT_WRITTEN`,
 *   `TEMPLATE_INVALID`; no staged file remains then
 */
export async function stageFiles(
  devices: AsyncIterable<readonly Device[]> | undefined,
  {
    out,
    source,
    profile,
    templates,
    select = 'first',
    secrets = 'blank',
    messageType = '',
    payload,
    api,
    userProfile,
  }: GenerateOptions,
): Promise<StagedFiles> {
  const collection = await createCollection(profile, {
    ...(templates && { templates }),
    ...(payload !== undefined && { payload }),
  });
  const output = await OutputFolder.open(out);
  return orDiscard(output, async () => {
    await output.write(
      COLLECTION_FILE,
      stringify(api === undefined ? collection : await withApi(collection, api)),
    );
    const variables = api?.variables ?? {};
    if (userProfile !== undefined) {
      await output.write(
        USER_ENVIRONMENT_FILE,
        stringify(createEnvironment(userProfile, { user: true, secrets, variables })),
      );
    }
    if (devices === undefined) return stagedFiles(output, 0);
    await output.write(
      SHARED_ENVIRONMENT_FILE,
      stringify(createEnvironment(profile, { secrets, messageType, variables })),
    );
    const writeEnvironment = ({ device, fileName }: ChosenDevice) =>
      output.write(
        `private/${fileName}.postman_environment.json`,
        stringify(createEnvironment(profile, { device, messageType, variables })),
      );

    const choice = new DeviceChoice(select);
    const rows = new IterationData(await output.create('private/devices.data.json'));
    for await (const batch of devices) {
      for (const device of batch) {
        rows.add(device);
        const chosen = choice.see(device);
        if (chosen) await writeEnvironment(chosen);
      }
      await rows.flush();
    }
    await rows.end();
    for (const chosen of choice.end(source)) await writeEnvironment(chosen);

    return stagedFiles(output, rows.count);
  });
}

function stagedFiles(output: OutputFolder, deviceCount: number): StagedFiles {
  return {
    deviceCount,
    commit: ({ force = false } = {}) => orDiscard(output, () => output.commit({ force })),
    discard: () => output.discard(),
  };
}

async function orDiscard<T>(output: OutputFolder, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    await output.discard();
    throw error;
  }
}

/** A JSON array with one device per line. Its values are strings, which Newman and Postman do not cast. */
class IterationData {
  count = 0;
  #text = '[';
  readonly #writer: OutputWriter;

  constructor(writer: OutputWriter) {
    this.#writer = writer;
  }

  add(device: Device): void {
    this.#text += `${this.count === 0 ? '' : ','}\n  ${JSON.stringify(iterationRow(device))}`;
    this.count += 1;
  }

  async flush(): Promise<void> {
    if (this.#text.length < PIECE_LENGTH) return;
    await this.#writer.write(this.#text);
    this.#text = '';
  }

  async end(): Promise<void> {
    await this.#writer.write(`${this.#text}\n]\n`);
    await this.#writer.end();
  }
}
