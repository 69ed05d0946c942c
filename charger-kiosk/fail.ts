/** Ends the process with one plain sentence where it cannot go on; its supervisor starts it again. */

import type { Result } from '@/lib/core/result'

export function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

export function orFail<T, E>(result: Result<T, E>, sentence: (error: E) => string): T {
  return result.ok ? result.value : fail(sentence(result.error))
}
