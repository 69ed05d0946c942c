import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk, type Result } from '@/lib/core/result'
import { openJournal } from '@/lib/journal/open-journal'
import type { Journal, JournalFault } from '@/lib/journal/journal'
import { countingRandom, describeJournal, events, testDevice, type TestDisk } from '../../contracts/journal'

const encryptionKey = 'a test key of at least thirty-two characters'
const databaseFiles = (path: string): string[] => [path, `${path}-wal`, `${path}-shm`]

function fileDisk(): TestDisk {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  const path = join(folder, 'journal.db')
  const random = countingRandom()
  const lose = (): void => databaseFiles(path).forEach((file) => rmSync(file, { force: true }))
  return {
    open: (device = testDevice) => openJournal({ path, encryptionKey, device, random }),
    backUp: () =>
      databaseFiles(path)
        .filter(existsSync)
        .forEach((file) => copyFileSync(file, `${file}.backup`)),
    restore: () => {
      lose()
      databaseFiles(path)
        .filter((file) => existsSync(`${file}.backup`))
        .forEach((file) => copyFileSync(`${file}.backup`, file))
    },
    lose,
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}

describeJournal('the journal on libsql', fileDisk)

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  path = join(folder, 'journal.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (key = encryptionKey): Result<Journal, JournalFault> =>
  openJournal({ path, encryptionKey: key, device: testDevice, random: countingRandom() })

/** A closed journal of a few hundred events, in one file. */
function writeJournal(): void {
  const journal = expectOk(open(), 'open')
  for (let batch = 0; batch < 10; batch += 1) {
    journal.append(events(...Array.from({ length: 40 }, (_, index) => `event ${batch}/${index} `.repeat(20))))
  }
  journal.append([], [{ table: 't', key: 'k', value: new Uint8Array(3_000).fill(5) }])
  journal.close()
}

const causeOf = (result: Result<unknown, JournalFault>): string | undefined =>
  result.ok ? undefined : `${result.error.code}: ${result.error.cause}`

test('nothing readable stands in the file', () => {
  writeJournal()
  const content = readFileSync(path)
  expect(content.includes('event 3/7')).toBe(false)
  expect(content.includes('SQLite format')).toBe(false)
})

test('another encryption key is reported as a wrong key, and the right one still opens the journal', () => {
  writeJournal()
  expect(causeOf(open('another key of at least thirty-two characters'))).toBe('charger.storage: wrong-key')
  expect(expectOk(open(), 'open').size).toBe(400)
})

test('a wrong key is refused even where the anchor is lost', () => {
  writeJournal()
  rmSync(`${path}.anchor`)
  expect(causeOf(open('another key of at least thirty-two characters'))).toBe('charger.storage: damaged')
})

test('a file that is no database is reported as damaged', () => {
  writeJournal()
  writeFileSync(path, 'this was a journal once '.repeat(1_000))
  expect(causeOf(open())).toBe('charger.storage: damaged')
})

test('a file that was cut short is reported as damaged', () => {
  writeJournal()
  truncateSync(path, 40_960)
  expect(causeOf(open())).toBe('charger.storage: damaged')
})

test('a folder that does not exist is reported as unavailable', () => {
  path = join(folder, 'missing', 'journal.db')
  expect(causeOf(open())).toBe('charger.storage: unavailable')
})

test('an anchor that is not ours is ignored and written anew', () => {
  writeJournal()
  writeFileSync(`${path}.anchor`, '{"version":1,"epoch":')
  expect(expectOk(open(), 'open').size).toBe(400)
  expect(readFileSync(`${path}.anchor`, 'utf8')).toContain('"epoch":1')
})

test('no changed byte of the file passes unnoticed as another event or row', () => {
  writeJournal()
  const whole = readFileSync(path)
  const original = expectOk(open(), 'open')
  const root = original.root
  const value = expectOk(original.get('t', 'k'), 'get')
  original.close()
  let refusals = 0
  for (let offset = 11; offset < whole.length; offset += 4_099) {
    databaseFiles(path).forEach((file) => rmSync(file, { force: true }))
    const rotten = Buffer.from(whole)
    rotten[offset]! ^= 0x40
    writeFileSync(path, rotten)
    const opened = open()
    if (!opened.ok) {
      expect(opened.error.cause).toBe('damaged')
      refusals += 1
      continue
    }
    expect(opened.value.root).toEqual(root)
    const row = opened.value.get('t', 'k')
    if (row.ok) expect(row.value).toEqual(value)
    opened.value.close()
  }
  expect(refusals).toBeGreaterThan(10)
})

test('kill −9 in the middle of appending loses nothing that was reported as durable', async () => {
  const child = fileURLToPath(new URL('append-forever.ts', import.meta.url))
  for (const stopAfter of [1, 20, 90]) {
    const running = spawn(process.execPath, ['--import', 'tsx', child, path, encryptionKey, testDevice], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let reported = 0
    let lines = 0
    for await (const line of createInterface({ input: running.stdout })) {
      reported = Number(line)
      lines += 1
      if (lines === stopAfter) running.kill('SIGKILL')
    }
    if (running.exitCode === null && running.signalCode === null) await once(running, 'exit')
    expect(running.signalCode).toBe('SIGKILL')

    const journal = expectOk(open(), 'open after kill')
    expect(journal.size).toBeGreaterThanOrEqual(reported)
    const payloads = expectOk(journal.read(0, journal.size), 'read').map(({ payload }) =>
      new TextDecoder().decode(payload),
    )
    expect(payloads).toEqual(payloads.map((_, seq) => `event ${seq}`))
    const state = expectOk(journal.get('state', 'size'), 'get')
    expect(new TextDecoder().decode(state)).toBe(String(journal.size))
    journal.close()
  }
})
