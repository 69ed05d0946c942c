/** The built app alone, without database or controller, behind a front door. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startGuard, type Guard } from '@/scripts/start/guard'
import { startProcessGroup, type ProcessGroup } from '@/scripts/start/process-group'
import { FrontDoor } from './front-door'

const projectRoot = resolve('.')
const loopback = '127.0.0.1'

export class AppServer {
  readonly #guard: Guard
  readonly #app: ProcessGroup
  readonly #folder: string
  readonly #door: FrontDoor

  private constructor(guard: Guard, app: ProcessGroup, folder: string, door: FrontDoor) {
    this.#guard = guard
    this.#app = app
    this.#folder = folder
    this.#door = door
  }

  static async start(): Promise<AppServer> {
    const folder = mkdtempSync(join(tmpdir(), 'outpost-app-'))
    const guard = startGuard(join(projectRoot, 'scripts/start/guard-process.mjs'))
    const app = startProcessGroup(
      {
        name: 'app',
        args: [
          join(projectRoot, 'node_modules/next/dist/bin/next'),
          'start',
          '--port=0',
          `--hostname=${loopback}`,
        ],
        env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', OUTPOST_VAR: folder, OUTPOST_DEMO: '1' },
        cwd: projectRoot,
        logFile: join(folder, 'app.log'),
      },
      guard,
    )
    const port = await app.firstLine((line) => /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1])
    await app.firstLine((line) => (line.includes('Ready in') ? true : undefined))
    if (port === undefined)
      throw new Error(`The app did not start: ${app.complaint(/^\S/) ?? 'no reason given'}`)
    const door = new FrontDoor(Number(port))
    await door.open()
    return new AppServer(guard, app, folder, door)
  }

  get url(): string {
    return this.#door.url
  }

  /** Every address that was asked for. */
  get asked(): readonly string[] {
    return this.#door.asked
  }

  /** What `GET /api/v1/trust` answers; without it there is no operator. */
  set trust(answer: object | undefined) {
    if (answer === undefined) this.#door.answers.delete('/api/v1/trust')
    else this.#door.answers.set('/api/v1/trust', answer)
  }

  publishNewerWorker = (): void => this.#door.publishNewerWorker()
  shut = (): Promise<void> => this.#door.shut()

  async close(): Promise<void> {
    await this.shut()
    await this.#app.stop()
    this.#guard.dismiss()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
