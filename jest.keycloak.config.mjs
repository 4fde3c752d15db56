import { availableParallelism, freemem } from 'node:os';
import { keycloak, testTimeout } from './jest.config.mjs';

/** The two servers run side by side if the machine can carry both: each takes a gigabyte and two processors. */
const maxWorkers = availableParallelism() >= 4 && freemem() > 4 * 2 ** 30 ? 2 : 1;

export default { maxWorkers, testTimeout, ...keycloak };
