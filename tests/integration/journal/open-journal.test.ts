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
import Database from 'libsql'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toHex } from '@/lib/core/bytes'
import { expectOk, type Result } from '@/lib/core/result'
import { openJournal } from '@/lib/journal/open-journal'
import type { Journal, JournalFault } from '@/lib/journal/journal'
import { leafHash } from '@/lib/log/hash'
import { inclusionProof, verifyInclusion } from '@/lib/log/proof'
import {
  countingRandom,
  describeJournal,
  events,
  rootOfEvents,
  testDevice,
  type TestDisk,
} from '../../contracts/journal'
import { testVault, vaultFolder } from './test-vault'

const encryptionKey = 'a test key of at least thirty-two characters'
const databaseFiles = (path: string): string[] => [path, `${path}-wal`, `${path}-shm`]

function fileDisk(): TestDisk {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  const path = join(folder, 'journal.db')
  const random = countingRandom()
  const lose = (): void => databaseFiles(path).forEach((file) => rmSync(file, { force: true }))
  return {
    open: (device = testDevice) =>
      openJournal({ path, encryptionKey, vault: testVault(path), device, random }),
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
  openJournal({
    path,
    encryptionKey: key,
    vault: testVault(path),
    device: testDevice,
    random: countingRandom(),
  })

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

/** Runs the child until it has reported this many lines, and pulls the plug. Returns the last line. */
async function killAfter(child: URL, lines: number): Promise<string> {
  const script = fileURLToPath(child)
  const running = spawn(process.execPath, ['--import', 'tsx', script, path, encryptionKey, testDevice], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = ''
  let count = 0
  for await (const line of createInterface({ input: running.stdout })) {
    last = line
    count += 1
    if (count === lines) running.kill('SIGKILL')
  }
  if (running.exitCode === null && running.signalCode === null) await once(running, 'exit')
  expect(running.signalCode).toBe('SIGKILL')
  return last
}

test('kill −9 in the middle of appending loses nothing that was reported as durable', async () => {
  for (const stopAfter of [1, 20, 90]) {
    const reported = Number(await killAfter(new URL('append-forever.ts', import.meta.url), stopAfter))
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

test('kill −9 in the middle of purging leaves a log whose root and proofs are those of all its events', async () => {
  for (const stopAfter of [1, 15, 60]) {
    const [size = 0, purged = 0] = (await killAfter(new URL('purge-forever.ts', import.meta.url), stopAfter))
      .split(' ')
      .map(Number)
    const journal = expectOk(open(), 'open after kill')
    expect(journal.size).toBeGreaterThanOrEqual(size)
    expect(journal.purgedSize).toBeGreaterThanOrEqual(purged)
    expect(journal.purgedSize).toBeLessThanOrEqual(journal.acknowledgedSize)
    const all = Array.from({ length: journal.size }, (_, seq) => `event ${seq}`)
    expect(toHex(journal.root)).toBe(rootOfEvents(...all))
    const left = expectOk(journal.read(journal.purgedSize, journal.size), 'read')
    expect(left.map(({ payload }) => new TextDecoder().decode(payload))).toEqual(
      all.slice(journal.purgedSize),
    )
    for (const { seq, payload } of left) {
      const proof = inclusionProof(journal.readNode, seq, journal.size)
      expect(proof && verifyInclusion(leafHash(payload), seq, journal.size, proof, journal.root)).toBe(true)
    }
    journal.close()
  }
})

test.each([1, 2])('a journal of version %i is opened, and its events are sealed then', (version) => {
  writeJournal()
  const plain = expectOk(expectOk(open(), 'open').read(0, 400), 'read')
  const options = { encryptionCipher: 'aes256cbc', encryptionKey } as Database.Options
  const old = new Database(path, options)
  const put = old.prepare('UPDATE event SET payload = ? WHERE seq = ?')
  for (const { seq, payload } of plain) put.run(Buffer.from(payload), seq)
  old.exec('DROP TABLE vault; DROP TABLE segment;')
  if (version === 1) old.exec('ALTER TABLE epoch DROP COLUMN purged')
  old.exec(`PRAGMA user_version = ${version}`)
  old.close()
  rmSync(vaultFolder(path), { recursive: true })
  const journal = expectOk(open(), 'open')
  expect([journal.size, journal.purgedSize]).toEqual([400, 0])
  expect(journal.append(events('one more')).ok).toBe(true)
  journal.close()
  const again = expectOk(open(), 'open again')
  expect(expectOk(again.read(0, 400), 'read')).toEqual(plain)
  again.close()
  const sealed = new Database(path, options)
  const [row] = sealed.prepare('SELECT payload FROM event WHERE seq = 7').all() as { payload: ArrayBuffer }[]
  expect(Buffer.from(row?.payload ?? new ArrayBuffer(0)).includes('event')).toBe(false)
  sealed.close()
})
