// Lint rules. The style they enforce is described in CONTRIBUTING.md.
import tseslint from 'typescript-eslint'
import reactHooks from 'eslint-plugin-react-hooks'

/** Folders whose code is pure: the same input gives the same output on every machine and every day. */
const pureZones = [
  'lib/core/**',
  'lib/protocol/**',
  'lib/metering/**',
  'lib/tariff/**',
  'lib/policy/**',
  'lib/log/**',
  'charger-kiosk/session/**',
  'charger-kiosk/safety/**',
]

const noHiddenInputs = [
  { object: 'Date', property: 'now', message: 'Take the time from the Clock port.' },
  { object: 'Math', property: 'random', message: 'Take randomness from the Random port.' },
  { object: 'performance', property: 'now', message: 'Take the time from the Clock port.' },
  { object: 'crypto', property: 'getRandomValues', message: 'Take randomness from the Random port.' },
]

/** Deterministic under their ports, although they know the platform: a seed decides everything that happens in them. */
const seededZones = ['lib/sync/**', 'lib/wallet/**', 'simulator/world/**']

const noClockOfThisMachine = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'Take the time from the Clock port.',
}

export default tseslint.config(
  {
    ignores: ['node_modules/**', '.next/**', 'dist/**', 'var/**', 'public/**', 'next-env.d.ts', 'docs/**'],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mts,js,mjs}'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-exports': 'off',
      eqeqeq: ['error', 'always'],
      'max-lines': ['error', { max: 500, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['tests/**', '**/*.test.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['app/**/*.tsx', 'components/**/*.tsx', 'charger-kiosk/screen/**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    rules: { ...reactHooks.configs.recommended.rules, 'max-lines-per-function': ['error', { max: 110 }] },
  },
  {
    files: pureZones,
    rules: {
      'no-restricted-properties': ['error', ...noHiddenInputs],
      'no-restricted-syntax': ['error', noClockOfThisMachine],
      'no-restricted-globals': [
        'error',
        'setTimeout',
        'setInterval',
        'fetch',
        'process',
        'window',
        'document',
      ],
    },
  },
  {
    files: seededZones,
    // The browser's own key store and lock are what their ports stand for.
    ignores: [
      'lib/wallet/device-key.ts',
      'lib/wallet/owner-lock.ts',
      'lib/wallet/phone-identity.ts',
      'lib/wallet/seal.ts',
    ],
    rules: {
      'no-restricted-properties': ['error', ...noHiddenInputs],
      'no-restricted-syntax': ['error', noClockOfThisMachine],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate'],
    },
  },
)
