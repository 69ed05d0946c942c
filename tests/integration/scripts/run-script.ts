/** Runs one of the project's scripts as a person would, against a database of the test. */

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ScriptRun {
  readonly code: number | null
  readonly out: string
  readonly complaints: string
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

export function runScript(
  script: 'db' | 'cases' | 'issue' | 'keys' | 'courier',
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ScriptRun> {
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, [`scripts/${script}.mjs`, ...args], {
      cwd: root,
      env: { ...process.env, DATABASE_ADMIN_URL: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let complaints = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
    child.once('error', fail)
    child.once('close', (code) => settle({ code, out, complaints }))
  })
}
