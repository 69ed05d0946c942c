/** The starter's end of the guard process; see guard-process.mjs. */

import { spawn } from 'node:child_process'

export interface Guard {
  watch(group: number): void
  forget(group: number): void
  /** Lets the guard go; groups that are still watched are ended. */
  dismiss(): void
}

export function startGuard(guardScript: string): Guard {
  const child = spawn(process.execPath, [guardScript], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  child.stdin.on('error', () => undefined)
  return {
    watch: (group) => child.stdin.write(`+${group}\n`),
    forget: (group) => child.stdin.write(`-${group}\n`),
    dismiss: () => child.stdin.end(),
  }
}
