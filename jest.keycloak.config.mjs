import { keycloak, testTimeout } from './jest.config.mjs';

/** The servers start one after the other: together they take too much memory. */
export default { maxWorkers: 1, testTimeout, ...keycloak };
