// Turns whatever went wrong into one plain sentence; the details go to a log file.
import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'
import { logFilePath, projectRoot } from './root.mjs'

/**
 * @param {unknown} failure
 * @param {(text: string) => void} [print]
 * @returns {number} the exit code
 */
export function reportFailure(failure, print = (text) => console.error(text)) {
  // By name: the bundled processes carry a copy of the class of their own.
  if (failure instanceof Error && failure.name === 'PlainFailure') {
    const details = failure.logFile === undefined ? '' : ` Details: ${relative(projectRoot, failure.logFile)}`
    print(`\n${failure.message}${details}`)
    return 1
  }
  const logFile = logFilePath('unexpected')
  const text = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure)
  appendFileSync(logFile, `${new Date().toISOString()} ${text}\n`)
  print(`\nSomething unexpected went wrong. Details: ${relative(projectRoot, logFile)}`)
  return 1
}
