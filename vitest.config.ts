import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '')

/** Three projects: `fast` is part of the check gate; `integration` starts processes; `simulation` replays worlds. */
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
