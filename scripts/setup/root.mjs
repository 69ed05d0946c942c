// Where this clone is, and where its data lives.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

/** @param {string} path relative to the project */
export const inProject = (path) => resolve(projectRoot, path)

/** Directory of everything that a running Outpost keeps: database, keys, journals, logs. */
export const dataDirectory = (env = process.env) => resolve(projectRoot, env.OUTPOST_VAR ?? 'var')

/** Path of a log file, whose directory exists afterwards. */
export function logFilePath(name, env = process.env) {
  const directory = resolve(dataDirectory(env), 'log')
  mkdirSync(directory, { recursive: true })
  return resolve(directory, `${name}.log`)
}
