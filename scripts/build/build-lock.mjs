// One build at a time in one clone: a start beside a test run waits instead of mixing two half-written outputs.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PlainFailure } from '../setup/plain-failure.mjs'

const waitMaxMs = 10 * 60_000

/**
 * @template T
 * @param {string} file whose exclusive creation is the lock; it holds the owner's process id
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withBuildLock(file, work) {
  const startedMs = performance.now()
  while (!tryLock(file)) {
    if (performance.now() - startedMs > waitMaxMs) {
      throw new PlainFailure('Another build has been running for ten minutes; end it and start again.')
    }
    await pause(250)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true })
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (!ownerIsAlive(file)) rmSync(file, { force: true })
    return false
  }
}

function ownerIsAlive(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
