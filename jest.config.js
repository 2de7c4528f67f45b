/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/console/src'],
  testMatch: ['**/*.test.ts'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
  // One more than a small machine has cores: tests of whole processes wait more than they compute.
  maxWorkers: 3,
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/test/support/plain-summary.reporter.js'],
};
