import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '')

/** These start several processes at once or measure time: no two of them beside each other. */
const alone = [
  'tests/integration/bench/**/*.test.ts',
  'tests/integration/gateway/**/*.test.ts',
  'tests/integration/kiosk/**/*.test.ts',
  'tests/integration/scripts/start/**/*.test.ts',
  'tests/simulation/answer-time.test.ts',
]

/**
 * Three projects: `fast` is part of the check gate; `integration` has real databases, sockets and processes, two files
 * at a time; `alone` one file at a time.
 */
export default defineConfig({
  resolve: { alias: { '@': root } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: [
            'tests/unit/**/*.test.{ts,tsx}',
            'tests/property/**/*.test.ts',
            'tests/vectors/**/*.test.ts',
          ],
          testTimeout: 20_000,
          // Most of the time went into loading the same modules again for each file; these tests share no state.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts', 'tests/simulation/**/*.test.ts'],
          exclude: alone,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
