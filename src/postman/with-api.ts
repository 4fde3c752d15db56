import { event } from './collection.js';
import type { ApiRequests, CollectionDocument, CollectionWithApi, ItemDocument } from './document.js';
import { END_OF_RUN } from '../platform/request-names.js';
import { stableId } from './stable-id.js';
import { readTemplate } from './templates.js';

/**
 * The collection with another API's requests in a folder at its end.
 *
 * A run of the whole collection must not send them: for each device of a fleet it would call all there is,
 * DELETE too. Two things see to that, and neither can be changed by `--templates`: a request that sends nothing
 * and ends the run before the folder, and the folder's own script, which skips what changes something in a
 * run over data.
 *
 * @throws {@link BiotzPostmanError} `TEMPLATE_INVALID` when the package's templates cannot be read
 */
export async function withApi(
  collection: CollectionDocument,
  { folder }: ApiRequests,
): Promise<CollectionWithApi> {
  const endOfRun: ItemDocument = {
    id: stableId('collection/end-of-run'),
    name: END_OF_RUN,
    event: [event('end-of-run/prerequest', 'prerequest', await readTemplate('openapi/end-of-run.js'))],
    protocolProfileBehavior: { followRedirects: false },
    request: {
      method: 'GET',
      description: await readTemplate('openapi/end-of-run.md'),
      auth: { type: 'noauth' },
      header: [],
      // Where a program knows nothing of skipped requests, this asks for nothing in particular, without a token.
      url: { raw: '{{api_url}}', host: ['{{api_url}}'] },
    },
  };
  const { item, ...rest } = folder;
  const guarded = {
    ...rest,
    event: [event('openapi/prerequest', 'prerequest', await readTemplate('openapi/folder.js'))],
    item,
  };
  return { ...collection, item: [...collection.item, endOfRun, guarded] };
}
