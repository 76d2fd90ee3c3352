import boundaries from 'eslint-plugin-boundaries';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const belongs = (from, allow, message) => ({
  from: { element: { type: from } },
  allow: { to: { element: { type: allow } } },
  message,
});

export default defineConfig(
  { ignores: ['node_modules', 'report', 'test-results'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { boundaries },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.js'] } },
      'boundaries/elements': ['apps', 'mesh', 'fixtures', 'suites', 'scripts', 'tests'].map((type) => ({
        type,
        pattern: type,
        // Only at the root: tests/scripts/ belongs to the tests.
        partialMatch: false,
      })),
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: [
            belongs('mesh', ['mesh'], 'mesh/ stands alone: what needs Playwright belongs in fixtures/.'),
            belongs('fixtures', ['mesh', 'fixtures'], 'fixtures/ bind mesh/ to Playwright and know no suite.'),
            belongs(
              'suites',
              ['fixtures'],
              'A suite imports fixtures/test.ts only: put the logic into mesh/ and its binding into fixtures/.',
            ),
            belongs('scripts', ['mesh', 'scripts'], 'scripts/ parse, call mesh/ and print.'),
            belongs('apps', ['apps'], 'apps/ run in the cluster and share no code with the harness.'),
            belongs(
              'tests',
              ['mesh', 'fixtures', 'scripts', 'tests', 'apps'],
              'tests/ may look at everything but suites/.',
            ),
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreUsingDeclarations: true, argsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['playwright.config.ts', 'fixtures/global-setup.ts', 'fixtures/reporters/*.ts', 'vitest.config.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['suites/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: '@playwright/test', message: 'Import test and expect from fixtures/test.ts.' }] },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'IfStatement', message: 'A test body does not branch: make a table of rows.' },
        { selector: 'TryStatement', message: 'A test body does not catch: a probe returns an outcome.' },
      ],
    },
  },
);
