import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startGuard } from '@/scripts/start/guard'
import { startProcessGroup } from '@/scripts/start/process-group'
import { untilWorking } from '@/scripts/start/serving'

const guardScript = resolve('scripts/start/guard-process.mjs')
/** Starts a grandchild, says both process ids, and ignores every polite request. */
const stubborn = `
  const { spawn } = require('node:child_process')
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  process.on('SIGTERM', () => {})
  console.log('ids ' + process.pid + ' ' + child.pid)
  setInterval(() => {}, 1000)
`
const polite = `
  process.on('SIGTERM', () => process.exit(0))
  console.log('ready')
  process.stdin.on('data', (text) => console.log('heard ' + text))
`

let directory: string
let guard: ReturnType<typeof startGuard>

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'outpost-process-'))
  guard = startGuard(guardScript)
})
afterEach(() => {
  guard.dismiss()
  rmSync(directory, { recursive: true })
})

const start = (script: string) =>
  startProcessGroup(
    { name: 'part', args: ['-e', script], env: {}, logFile: join(directory, 'part.log'), cwd: directory },
    guard,
  )

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // A process that has ended but was not yet collected still has an id; Linux tells the two apart.
  const status = `/proc/${pid}/status`
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, 'utf8'))
}

const parseIds = (line: string): number[] | undefined =>
  line.startsWith('ids ') ? line.slice(4).split(' ').map(Number) : undefined

test('a part says when it is ready, hears what it is told, and stops when asked', async () => {
  const part = start(polite)
  expect(await part.firstLine((line) => (line === 'ready' ? true : undefined))).toBe(true)
  part.send('hello')
  expect(await part.firstLine((line) => (line.startsWith('heard') ? line : undefined))).toBe('heard hello')
  await part.stop()
  expect(part.isRunning()).toBe(false)
})

test('killing a part takes what it started with it', async () => {
  const part = start(stubborn)
  const pids = (await part.firstLine(parseIds)) ?? []
  expect(pids.map(isAlive)).toEqual([true, true])
  await part.kill()
  await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]))
})

test('a part that ends before it is ready is noticed at once', async () => {
  const part = start('process.exit(3)')
  expect(await part.firstLine((line) => line)).toBeUndefined()
  expect(part.isRunning()).toBe(false)
})

test('what a part said before it ended can be passed on', async () => {
  const part = start('console.error("The disk is full."); console.error("    at main"); process.exit(1)')
  const failure = untilWorking(part, () => Promise.resolve(false))
  await expect(failure).rejects.toThrow('The disk is full.')
})

test('a part that lives but cannot work is not waited for', async () => {
  const part = start('console.error("not ready: the key is damaged"); setInterval(() => {}, 1000)')
  const failure = untilWorking(part, () => Promise.resolve(false), /^not ready: /)
  await expect(failure).rejects.toThrow('not ready: the key is damaged')
  await part.kill()
})

test('when the starter is killed, the guard ends what it left behind', async () => {
  const starter = join(directory, 'starter.mjs')
  writeFileSync(
    starter,
    `import { spawn } from 'node:child_process'
     const guard = spawn(process.execPath, [${JSON.stringify(guardScript)}], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
     const part = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
     guard.stdin.write('+' + part.pid + '\\n', () => console.log('ids ' + process.pid + ' ' + part.pid))
     setInterval(() => {}, 1000)`,
  )
  const child = spawn(process.execPath, [starter], { stdio: ['ignore', 'pipe', 'ignore'] })
  const pids = await new Promise<number[]>((done) => {
    child.stdout.once('data', (chunk) => done(parseIds(String(chunk)) ?? []))
  })
  child.kill('SIGKILL')
  await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), { timeout: 5_000 })
})
