const project = (displayName, folders) => ({
  displayName,
  roots: folders.map((folder) => `<rootDir>/test/${folder}`),
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['\\.keycloak\\.test\\.ts$'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
  },
});

/** Tests of the sources, which need no build; tests of the built program; tests against real Keycloak servers. */
export const unit = project('unit', ['unit']);
export const program = project('program', ['program', 'keycloak']);
export const keycloak = {
  ...project('keycloak', ['keycloak']),
  testMatch: ['**/*.keycloak.test.ts'],
  testPathIgnorePatterns: [],
};

// Only the configuration of the whole may set the time limit: Jest ignores it in a project.
export const testTimeout = 60_000;

export default { maxWorkers: '100%', testTimeout, projects: [unit, program] };
