/**
 * One child process with everything that it starts. It runs in a process group of its own: Ctrl-C in the terminal
 * reaches only the starter, which then stops the parts in the right order.
 */

import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Guard } from './guard'

const stopGraceMs = 10_000
const tailLinesMax = 40

export interface ProcessSpec {
  readonly name: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly logFile: string
  readonly cwd: string
}

export interface ProcessGroup {
  readonly spec: ProcessSpec
  readonly pid: number
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
  isRunning(): boolean
  /** The latest line of standard error that fits: our processes give one plain sentence before they end. */
  complaint(pattern: RegExp): string | undefined
  /** The latest line of standard error that is not the inside of a stack trace. */
  lastComplaint(): string | undefined
  /** The first line of standard output that `match` turns into a value; undefined when the process ends before. */
  firstLine<T>(match: (line: string) => T | undefined): Promise<T | undefined>
  /** Writes one line to its standard input. */
  send(line: string): void
  /** Asks it to end, and ends it and what it started when it does not. */
  stop(): Promise<void>
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>
}

/** Starts `node …args`; output goes to the log file. */
export function startProcessGroup(spec: ProcessSpec, guard: Guard): ProcessGroup {
  const child = spawn(process.execPath, [...spec.args], {
    cwd: spec.cwd,
    env: { ...process.env, ...spec.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const pid = child.pid ?? 0
  guard.watch(pid)
  const lines = collectOutput(child, spec.logFile)
  let running = true
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  }).then(() => {
    running = false
    signalGroup(pid, 'SIGKILL')
    guard.forget(pid)
  })
  child.stdin?.on('error', () => undefined)
  return {
    spec,
    pid,
    ended,
    isRunning: () => running,
    complaint: lines.complaint,
    lastComplaint: () => lines.complaint(/^\S/),
    firstLine: (match) => Promise.race([lines.first(match), ended.then(() => undefined)]),
    send: (line) => child.stdin?.write(`${line}\n`),
    stop: async () => {
      if (!running) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), stopGraceMs)
      await ended
      clearTimeout(timer)
    },
    kill: async () => {
      signalGroup(pid, 'SIGKILL')
      await ended
    },
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (pid <= 1) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

type LineMatch = (line: string) => boolean

function collectOutput(child: ChildProcess, logFile: string) {
  const log = createWriteStream(logFile, { flags: 'a' })
  const recent: string[] = []
  const complaints: string[] = []
  const waiting = new Set<LineMatch>()
  const take = (line: string): void => {
    log.write(`${line}\n`)
    recent.push(line)
    if (recent.length > tailLinesMax) recent.shift()
    for (const match of waiting) if (match(line)) waiting.delete(match)
  }
  if (child.stdout) createInterface({ input: child.stdout }).on('line', take)
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      take(line)
      complaints.push(line)
      if (complaints.length > tailLinesMax) complaints.shift()
    })
  }
  return {
    complaint: (pattern: RegExp) => complaints.findLast((line) => pattern.test(line)),
    first: <T>(match: (line: string) => T | undefined): Promise<T> =>
      new Promise((resolve) => {
        const tryLine: LineMatch = (line) => {
          const value = match(line)
          if (value !== undefined) resolve(value)
          return value !== undefined
        }
        if (!recent.some(tryLine)) waiting.add(tryLine)
      }),
  }
}
