import { readFileSync } from 'node:fs';

/** The tests against a real Keycloak: those of every other test, one file after the other. */
const config = JSON.parse(readFileSync(new URL('jest.config.json', import.meta.url), 'utf8'));
export default { ...config, testMatch: ['**/*.keycloak.test.ts'], testPathIgnorePatterns: [], maxWorkers: 1 };
