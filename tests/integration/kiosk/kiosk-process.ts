/** The controller and the virtual charger as processes, and the hands and eyes of a test at both. */

import { spawn, type ChildProcess } from 'node:child_process'
import { build } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import type { ConnectorPhase, FromScreen, ScreenState, ToScreen } from '@/charger-kiosk/screen-protocol'

const root = fileURLToPath(new URL('../../../', import.meta.url))

export interface Running {
  readonly child: ChildProcess
  readonly output: () => string
  /** Exit code and signal. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** As the build does it: one file a process, which starts in a fraction of the time that sources take. */
const bundles = join(root, 'node_modules', '.cache', 'kiosk-tests')
const bundled = new Map<string, Promise<string>>()

function bundle(entry: string): Promise<string> {
  const known = bundled.get(entry)
  if (known !== undefined) return known
  const file = join(bundles, `${entry.replaceAll('/', '-')}.mjs`)
  const building = build({
    absWorkingDir: root,
    tsconfig: 'tsconfig.json',
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  }).then(() => file)
  bundled.set(entry, building)
  return building
}

export async function run(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  nodeFlags: readonly string[] = [],
): Promise<Running> {
  const child = spawn(process.execPath, [...nodeFlags, await bundle(entry), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
  })
  let text = ''
  child.stdout?.on('data', (chunk) => (text += String(chunk)))
  child.stderr?.on('data', (chunk) => (text += String(chunk)))
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
  return { child, output: () => text, ended }
}

/** Waits for something that other processes bring about. The limit is for a test that would never end. */
export async function until<T>(
  read: () => T | undefined | false,
  what: string,
  limitMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + limitMs
  for (;;) {
    const value = read()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'outpost-kiosk-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** What a browser on the kiosk would see and do. */
export class Panel {
  readonly #socket: WebSocket
  state: ScreenState | undefined
  readonly messages: ToScreen[] = []
  isClosed = false

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as ToScreen
      if (message.type === 'state') this.state = message.state
      else this.messages.push(message)
    })
    socket.on('close', () => (this.isClosed = true))
    socket.on('error', () => (this.isClosed = true))
  }

  static async open(port: number): Promise<Panel> {
    const address = `127.0.0.1:${port}`
    const socket = new WebSocket(`ws://${address}/screen`, { headers: { origin: `http://${address}` } })
    const panel = new Panel(socket)
    await until(() => panel.state !== undefined || panel.isClosed, 'the first state')
    return panel
  }

  say(message: FromScreen): void {
    this.#socket.send(JSON.stringify(message))
  }

  close(): void {
    this.#socket.terminate()
  }

  get phase(): ConnectorPhase | undefined {
    return this.state?.connectors[0]?.phase
  }

  /** Waits until the connector is in this phase, and such as `test` says. */
  until<K extends ConnectorPhase['kind']>(
    kind: K,
    test: (phase: Extract<ConnectorPhase, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<ConnectorPhase, { kind: K }>> {
    return until(() => {
      const { phase } = this
      if (phase?.kind !== kind) return undefined
      const wanted = phase as Extract<ConnectorPhase, { kind: K }>
      return test(wanted) ? wanted : undefined
    }, `the phase ${kind}`)
  }
}
