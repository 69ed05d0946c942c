/** An operator as a server's first start leaves it: keys in a folder, tables in a database, trust and policy in force. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCloudConfig } from '@/lib/cloud/config'
import { establish, openCloud, type OpenCloud } from '@/lib/cloud/open-cloud'
import { issue } from '@/scripts/issue/main'
import { keys } from '@/scripts/keys/main'
import { PlainFailure } from '@/scripts/setup/plain-failure.mjs'
import { openTestDatabase } from '../database-fixture'
import type { ScriptRun } from './run-script'

export interface OperatorPlace {
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  readonly opened: OpenCloud
  /** The command in this process: what it prints, and the plain sentence that it ends with where it cannot go on. */
  run(script: 'issue' | 'keys', ...args: readonly string[]): Promise<ScriptRun>
  /** As a server starts on this folder and database. */
  start(): Promise<OpenCloud>
  close(): Promise<void>
}

export async function openOperatorPlace(): Promise<OperatorPlace> {
  const database = await openTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'outpost-operator-'))
  const environment = { DATABASE_URL: database.url, OUTPOST_VAR: folder, OUTPOST_DEMO: '1' }
  const started: OpenCloud[] = []
  const start = async (): Promise<OpenCloud> => {
    const opened = await openCloud(readCloudConfig(environment), database.url)
    started.push(opened)
    await establish(opened.cloud)
    return opened
  }
  return {
    folder,
    environment,
    opened: await start(),
    run: (script, ...args) => runHere(script, args, environment),
    start,
    close: async () => {
      await Promise.all(started.map((one) => one.close()))
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const scripts = { issue, keys } as const

export async function runHere(
  script: keyof typeof scripts,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ScriptRun> {
  let out = ''
  let complaints = ''
  const terminal = {
    print: (text: string) => void (out += `${text}\n`),
    complain: (text: string) => void (complaints += `${text}\n`),
  }
  const code = await scripts[script](args, environment, terminal).catch((failure: unknown) => {
    if (!(failure instanceof PlainFailure)) throw failure
    terminal.complain(failure.message)
    return 1
  })
  return { code, out, complaints }
}
