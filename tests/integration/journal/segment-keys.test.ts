/** What a purge forgets is gone for good: from the disk, and from every copy of it that somebody made before. */

import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toHex } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { nodeSigner } from '@/lib/crypto/node'
import type { Journal } from '@/lib/journal/journal'
import { openJournal } from '@/lib/journal/open-journal'
import { segmentEvents } from '@/lib/journal/segment-keys'
import { signMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { countingRandom, events, testDevice } from '../../contracts/journal'
import { testVault, vaultFolder } from './test-vault'

const encryptionKey = 'a test key of at least thirty-two characters'
const issuer = nodeSigner(new Uint8Array(32).fill(7))
const keptCount = 10
const size = 2 * segmentEvents + keptCount

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'segments-'))
  path = join(folder, 'journal.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const openAt = (place: string) =>
  openJournal({
    path: place,
    encryptionKey,
    vault: testVault(place),
    device: testDevice,
    random: countingRandom(),
  })
const open = (): Journal => expectOk(openAt(path), 'open')
const sealedFiles = (): readonly string[] => readdirSync(vaultFolder(path)).sort()
const textAt = (journal: Journal, seq: number): string =>
  new TextDecoder().decode(expectOk(journal.read(seq, seq + 1), 'read')[0]?.payload)

/** Everything but the last few events is acknowledged. */
async function written(): Promise<Journal> {
  const journal = open()
  for (let seq = 0; seq < size; seq += 1) expectOk(journal.append(events(`event ${seq}`)), 'append')
  const held = { device: journal.device, epoch: journal.epoch, size, root: toHex(journal.root) }
  const timeS = epochSeconds(1_700_000_000)
  expectOk(journal.acknowledge(await signMessage(acknowledgement, { ...held, timeS }, issuer)), 'acknowledge')
  return journal
}

function copyTo(name: string): string {
  const place = join(folder, name)
  cpSync(vaultFolder(path), join(place, 'keys'), { recursive: true })
  for (const end of ['', '-wal', '-shm', '.anchor'])
    if (existsSync(`${path}${end}`)) copyFileSync(`${path}${end}`, join(place, `journal.db${end}`))
  return join(place, 'journal.db')
}

test('an older copy of the disk opens none of it once the device has purged, while the rest stays readable', async () => {
  const journal = await written()
  journal.close()
  const before = copyTo('before')
  const untouched = expectOk(openAt(before), 'the copy opens until then')
  expect(textAt(untouched, 0)).toBe('event 0')
  untouched.close()
  const purging = open()
  expect(expectOk(purging.purge(size - keptCount), 'purge')).toBe(size - keptCount)
  expect(textAt(purging, size - 1)).toBe(`event ${size - 1}`)
  purging.close()
  expect(sealedFiles()).toEqual(['segments-2.sealed'])
  // Whoever kept the older database has the keys folder as it is now.
  rmSync(vaultFolder(before), { recursive: true })
  cpSync(vaultFolder(path), vaultFolder(before), { recursive: true })
  const later = openAt(before)
  const found = later.ok ? later.value.read(0, 1) : later
  expect(found).toMatchObject({ error: { cause: 'damaged' } })
  const again = open()
  expect(textAt(again, size - keptCount)).toBe(`event ${size - keptCount}`)
  again.close()
})

test('a purge inside a segment keeps its key, and one that ends it does not', async () => {
  const journal = await written()
  journal.purge(segmentEvents - 1)
  expect(sealedFiles()).toEqual(['segments-1.sealed'])
  journal.purge(segmentEvents)
  expect(sealedFiles()).toEqual(['segments-2.sealed'])
  expect(textAt(journal, segmentEvents)).toBe(`event ${segmentEvents}`)
  journal.close()
})

test('a power cut before or after the secret changed leaves one that opens, and the next opening clears up', async () => {
  const journal = await written()
  const first = join(vaultFolder(path), 'segments-1.sealed')
  copyFileSync(first, join(folder, 'kept'))
  writeFileSync(join(vaultFolder(path), 'segments-2.sealed'), 'half a secr')
  journal.close()
  const early = open()
  expect(sealedFiles()).toEqual(['segments-1.sealed'])
  early.purge(size - keptCount)
  early.close()
  copyFileSync(join(folder, 'kept'), first)
  const late = open()
  expect(sealedFiles()).toEqual(['segments-2.sealed'])
  expect(textAt(late, size - 1)).toBe(`event ${size - 1}`)
  late.close()
})

test('a journal whose secret is gone is damaged, and says so', async () => {
  const journal = await written()
  expectOk(journal.append(events('not acknowledged')), 'append')
  journal.close()
  rmSync(vaultFolder(path), { recursive: true })
  expect(openAt(path)).toMatchObject({
    error: { cause: 'damaged', detail: 'The secret of generation 1 is gone' },
  })
})

test('no event is sealed alike twice, and what is moved to another place does not open there', async () => {
  const journal = await written()
  const same = expectOk(journal.append([...events('the same'), ...events('the same')]), 'append')
  expect(textAt(journal, same.firstSeq)).toBe('the same')
  journal.close()
  const { default: Database } = await import('libsql')
  const options = { encryptionCipher: 'aes256cbc', encryptionKey } as object
  const raw = new Database(path, options)
  const sealed = raw
    .prepare('SELECT payload FROM event WHERE seq >= ? ORDER BY seq')
    .all([same.firstSeq]) as { payload: ArrayBuffer }[]
  const [one, other] = sealed.map(({ payload }) => Buffer.from(payload).toString('hex'))
  expect(one).not.toBe(other)
  raw
    .prepare('UPDATE event SET payload = ? WHERE seq = ?')
    .run(Buffer.from(other ?? '', 'hex'), same.firstSeq)
  raw.close()
  expect(openAt(path)).toMatchObject({ error: { cause: 'damaged' } })
})
