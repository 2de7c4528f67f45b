// The rules of the design that a linter can hold; those about folders are in .dependency-cruiser.cjs.
import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

const TESTS = ['src/**/*.test.ts', 'test/**/*.ts', 'console/src/**/*.test.ts'];
const CONSOLE = ['console/src/**/*.{ts,tsx}'];
const NEST_FILES = [
  'src/main.ts',
  'src/**/*.module.ts',
  'src/**/*.controller.ts',
  'src/**/*.guard.ts',
  'src/**/*.filter.ts',
  'src/**/*.interceptor.ts',
];

const SOCKETS = {
  group: ['net', 'tls', 'node:net', 'node:tls'],
  // What an HTTP server says of the port it was given; no socket comes with it.
  allowImportNames: ['AddressInfo'],
  message: 'Sockets live in src/link alone; ask it for a Duplex, a Listener or a Dialler.',
};
const NEST = {
  group: ['@nestjs/*', '@nestjs/*/**'],
  message: 'Core code knows no Nest; wire it in a *.module.ts.',
};
const ENVIRONMENT = {
  group: ['process', 'node:process'],
  importNames: ['env', 'default'],
  message: 'The environment is read in src/config alone.',
};
const TIMERS = {
  group: ['timers', 'node:timers', 'node:timers/*'],
  message: 'Time is a Clock (src/kernel/clock.ts), so that a test can move it.',
};
const CLOCKS = {
  group: ['perf_hooks', 'node:perf_hooks'],
  importNames: ['performance'],
  message: 'Time is a Clock (src/kernel/clock.ts), so that a test can move it.',
};

const TIME = 'Time is a Clock (src/kernel/clock.ts), so that a test can move it.';
const CHANCE = 'Chance is a Random (src/kernel/random.ts), so that a run can be repeated.';

/** ESLint replaces a rule's options instead of adding to them, so each place names the whole list it obeys. */
const imports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const STYLE_SYNTAX = [
  { selector: 'ExportDefaultDeclaration, TSExportAssignment', message: 'Exports have names.' },
  { selector: "ExportSpecifier[exported.name='default']", message: 'Exports have names.' },
  {
    selector: "CallExpression[callee.property.name='slice'][arguments.length=0]",
    message:
      'Of a Buffer, which is a Uint8Array too, slice() is a view: new Uint8Array(bytes), or [...items].',
  },
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals, or an `as const` table.' },
];
const OUTSIDE_SYNTAX = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: TIME },
  { selector: "CallExpression[callee.name='Date']", message: TIME },
  {
    selector:
      "MemberExpression[object.object.name='globalThis'][object.property.name='process'][property.name='env']",
    message: ENVIRONMENT.message,
  },
  {
    selector: "VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name='env']",
    message: ENVIRONMENT.message,
  },
];
const OUTSIDE_PROPERTIES = [
  { object: 'globalThis', property: 'setTimeout', message: TIME },
  { object: 'globalThis', property: 'setInterval', message: TIME },
  { object: 'Date', property: 'now', message: TIME },
  { object: 'performance', property: 'now', message: TIME },
  { object: 'process', property: 'hrtime', message: TIME },
  { object: 'process', property: 'uptime', message: TIME },
  { object: 'Math', property: 'random', message: CHANCE },
];
const ENV_PROPERTY = { object: 'process', property: 'env', message: ENVIRONMENT.message };
const OUTSIDE_GLOBALS = [
  { name: 'setTimeout', message: TIME },
  { name: 'setInterval', message: TIME },
  { name: 'performance', message: TIME },
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'state/', 'bench/', 'console/vite.config.mts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,

  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, allowDefaultCaseForExhaustiveSwitch: true },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // The compiler reports these, with the same exceptions for _names.
      '@typescript-eslint/no-unused-vars': 'off',
      // Numbers are what most sentences of this program are about.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `return this.on(event)` in a switch, and `() => this.close()` as a callback, are how this code reads.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // `let cancel: Cancel = () => {}` is the null object of a timer.
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Both halves of one argument: `!` is forbidden here, and `as T` says what is meant.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Often only the count matters, and a name for an unused element says nothing.
      '@typescript-eslint/prefer-for-of': 'off',
    },
  },

  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      complexity: ['error', 12],
      'no-restricted-syntax': ['error', ...STYLE_SYNTAX, ...OUTSIDE_SYNTAX],
      'no-restricted-properties': ['error', ENV_PROPERTY, ...OUTSIDE_PROPERTIES],
      'no-restricted-globals': ['error', ...OUTSIDE_GLOBALS],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      ...imports(SOCKETS, NEST, ENVIRONMENT, TIMERS, CLOCKS),
    },
  },
  {
    files: NEST_FILES,
    // What Nest injects are parameters: of a constructor, of a factory, of a handler.
    rules: {
      ...imports(SOCKETS, ENVIRONMENT, TIMERS, CLOCKS),
      'max-params': 'off',
      // Nest declares its options as classes and takes plain objects.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['src/link/**/*.ts'],
    ignores: NEST_FILES,
    rules: imports(NEST, ENVIRONMENT, TIMERS, CLOCKS),
  },
  {
    files: ['src/config/**/*.ts'],
    ignores: NEST_FILES,
    rules: {
      ...imports(SOCKETS, NEST, TIMERS, CLOCKS),
      'no-restricted-properties': ['error', ...OUTSIDE_PROPERTIES],
    },
  },
  {
    files: ['src/kernel/**/*.ts'],
    ignores: NEST_FILES,
    rules: {
      ...imports(SOCKETS, NEST, ENVIRONMENT),
      'no-restricted-syntax': ['error', ...STYLE_SYNTAX],
      'no-restricted-properties': ['error', ENV_PROPERTY],
      'no-restricted-globals': 'off',
    },
  },
  {
    files: CONSOLE,
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
      'max-params': ['error', 5],
      complexity: ['error', 12],
      'no-restricted-syntax': ['error', ...STYLE_SYNTAX],
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'What comes from the server is shown as text.' },
        { property: 'dangerouslySetInnerHTML', message: 'What comes from the server is shown as text.' },
        { object: 'document', property: 'cookie', message: 'The token is kept in the tab alone.' },
        { object: 'window', property: 'localStorage', message: 'The token is kept in the tab alone.' },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'localStorage', message: 'The token is kept in the tab alone.' },
      ],
    },
  },
  {
    files: ['src/**/index.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Program', message: 'No barrels: import the file itself.' },
      ],
    },
  },

  {
    files: TESTS,
    extends: [jest.configs['flat/recommended']],
    rules: {
      'max-lines-per-function': 'off',
      ...imports(TIMERS),
      'no-restricted-properties': ['error', ...OUTSIDE_PROPERTIES],
      'jest/no-focused-tests': 'error',
      'jest/no-disabled-tests': 'error',
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert', 'assert*'] }],
      // A property branches on what was generated, and says in each branch what must hold.
      'jest/no-conditional-expect': 'off',
      // The columns of a table of cases are parameters.
      'max-params': 'off',
      // `expect.any(…)` and `JSON.parse` are `any` by their nature; what is done with them is checked.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // Tests print what must not be printable.
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-unnecessary-template-expression': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      // What a callback changes while a test waits is constant to the type checker.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },

  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  prettier,
);
