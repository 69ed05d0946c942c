/** What every journal promises, whatever it is stored on. Run against the twin in memory and against the real file. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toHex, utf8 } from '@/lib/core/bytes'
import type { Random } from '@/lib/core/clock'
import { deviceId, type DeviceId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { expectOk, type Result } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import { nobleSigner } from '@/lib/crypto/noble'
import type { Journal, JournalFault, NewEvent } from '@/lib/journal/journal'
import { appendLeaves, emptyFrontier, rootOf } from '@/lib/log/frontier'
import { emptyRoot, leafHash } from '@/lib/log/hash'
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from '@/lib/log/proof'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { acknowledgement, type Acknowledgement } from '@/lib/protocol/messages/acknowledgement'

/** A disk that outlives the journals opened on it. `backUp` and `restore` copy the database without its anchor. */
export interface TestDisk {
  open(device?: DeviceId): Result<Journal, JournalFault>
  backUp(): void
  restore(): void
  /** The database disappears, its anchor stays. */
  lose(): void
  dispose(): void
}

export const testDevice = deviceId('CP-7')

export const events = (...names: readonly string[]): NewEvent[] =>
  names.map((name) => ({ kind: 'test', payload: utf8(name) }))

export const rootOfEvents = (...names: readonly string[]): string =>
  toHex(rootOf(appendLeaves(emptyFrontier, names.map(utf8).map(leafHash)).frontier))

/** Numbered bytes: distinct, and the same in every run. */
export function countingRandom(): Random {
  let count = 0
  return {
    bytes: (length) => {
      count += 1
      return new Uint8Array(length).fill(count)
    },
  }
}

export function acknowledged(fields: Partial<Acknowledgement>): Promise<VerifiedMessage<Acknowledgement>> {
  const payload = {
    device: testDevice,
    epoch: 1,
    size: 0,
    root: toHex(emptyRoot),
    timeS: epochSeconds(1_700_000_000),
  }
  return signMessage(acknowledgement, { ...payload, ...fields }, nobleSigner(new Uint8Array(32).fill(7)))
}

const payloadsOf = (journal: Journal): string[] =>
  expectOk(journal.read(0, journal.size), 'read all').map(({ payload }) => new TextDecoder().decode(payload))

export function describeJournal(name: string, createDisk: () => TestDisk): void {
  describe(name, () => {
    let disk: TestDisk
    const open = (): Journal => expectOk(disk.open(), 'open')
    beforeEach(() => {
      disk = createDisk()
    })
    afterEach(() => disk.dispose())

    describeLog(open)
    describeReopening(open, () => disk)
    describeProjections(open)
    describeAcknowledgements(open)
    describeEpochs(open, () => disk)
    describePurge(open)
  })
}

function describeLog(open: () => Journal): void {
  test('a new log is empty and in its first epoch', () => {
    const journal = open()
    expect([journal.size, journal.acknowledgedSize, journal.epoch]).toEqual([0, 0, 1])
    expect(toHex(journal.root)).toBe(toHex(emptyRoot))
  })

  test('events are numbered from zero without gaps', () => {
    const journal = open()
    expect(expectOk(journal.append(events('a', 'b')), 'append').firstSeq).toBe(0)
    expect(expectOk(journal.append(events('c')), 'append').firstSeq).toBe(2)
    expect(expectOk(journal.read(0, 3), 'read').map(({ seq }) => seq)).toEqual([0, 1, 2])
    expect(payloadsOf(journal)).toEqual(['a', 'b', 'c'])
  })

  test('an append reports the Merkle root of everything so far', () => {
    const journal = open()
    journal.append(events('a', 'b'))
    const appended = expectOk(journal.append(events('c')), 'append')
    expect(toHex(appended.root)).toBe(rootOfEvents('a', 'b', 'c'))
    expect(appended.size).toBe(3)
  })

  test('the frontier of every earlier size is still known', () => {
    const journal = open()
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    names.forEach((name) => journal.append(events(name)))
    names.forEach((_, size) => {
      const frontier = expectOk(journal.frontierAt(size), 'frontier')
      expect(toHex(rootOf(frontier))).toBe(rootOfEvents(...names.slice(0, size)))
    })
  })

  test('an event can be proved to be in the log', () => {
    const journal = open()
    journal.append(events('a', 'b', 'c', 'd', 'e'))
    const proof = inclusionProof(journal.readNode, 2, 5)
    expect(proof && verifyInclusion(leafHash(utf8('c')), 2, 5, proof, journal.root)).toBe(true)
  })

  test('an empty event is an event', () => {
    const journal = open()
    journal.append(events(''))
    expect(payloadsOf(journal)).toEqual([''])
  })

  test('a read is cut to what one bundle may hold', () => {
    const journal = open()
    const many = Array.from({ length: limits.bundleEventsMax }, (_, seq) => String(seq))
    journal.append(events(...many))
    journal.append(events('one more'))
    expect(expectOk(journal.read(0, journal.size), 'read')).toHaveLength(limits.bundleEventsMax)
  })

  test('an event over its cap is refused and nothing is written', () => {
    const journal = open()
    const large = { kind: 'large', payload: new Uint8Array(limits.eventBytesMax + 1) }
    const refused = journal.append([...events('a'), large])
    expect(refused.ok ? undefined : [refused.error.code, refused.error.cause]).toEqual([
      'charger.storage',
      'too-large',
    ])
    expect(journal.size).toBe(0)
  })
}

function describeReopening(open: () => Journal, disk: () => TestDisk): void {
  test('everything is there again after the process ends without closing', () => {
    const before = open()
    before.append(events('a', 'b', 'c'), [{ table: 'state', key: 'k', value: utf8('v') }])
    const after = open()
    expect(payloadsOf(after)).toEqual(['a', 'b', 'c'])
    expect(toHex(after.root)).toBe(toHex(before.root))
    expect(expectOk(after.get('state', 'k'), 'get')).toEqual(utf8('v'))
    expect(expectOk(after.append(events('d')), 'append').firstSeq).toBe(3)
  })

  test('everything is there again after a tidy end', () => {
    const before = open()
    before.append(events('a'))
    before.close()
    expect(payloadsOf(open())).toEqual(['a'])
  })

  test('every opening has another boot marker', () => {
    const first = open().bootMarker
    expect(first).toMatch(/^[0-9a-f]{32}$/)
    expect(open().bootMarker).not.toBe(first)
  })

  test('a process whose journal was opened by another can no longer write', () => {
    const before = open()
    before.append(events('a'))
    const after = open()
    const refused = before.append(events('from the past'))
    expect(refused.ok ? undefined : refused.error.cause).toBe('superseded')
    expect(after.append(events('b')).ok).toBe(true)
    expect(payloadsOf(after)).toEqual(['a', 'b'])
  })

  test('the journal of one device does not open for another', () => {
    open().close()
    const refused = disk().open(deviceId('CP-8'))
    expect(refused.ok ? undefined : refused.error.cause).toBe('other-device')
  })
}

function describeProjections(open: () => Journal): void {
  test('derived rows are written, replaced and deleted with the events', () => {
    const journal = open()
    journal.append(events('a'), [{ table: 'grant', key: 'g1', value: utf8('one') }])
    journal.append(events('b'), [{ table: 'grant', key: 'g1', value: utf8('two') }])
    expect(expectOk(journal.get('grant', 'g1'), 'get')).toEqual(utf8('two'))
    journal.append([], [{ table: 'grant', key: 'g1', value: null }])
    expect(expectOk(journal.get('grant', 'g1'), 'get')).toBeUndefined()
    expect(journal.size).toBe(2)
  })

  test('tables do not see each other, and rows come in key order', () => {
    const journal = open()
    journal.append(
      [],
      [
        { table: 'grant', key: 'b', value: utf8('2') },
        { table: 'session', key: 'x', value: utf8('9') },
        { table: 'grant', key: 'a', value: utf8('1') },
      ],
    )
    expect(expectOk(journal.list('grant'), 'list').map(({ key }) => key)).toEqual(['a', 'b'])
    expect(expectOk(journal.list('grant', 'a'), 'list').map(({ key }) => key)).toEqual(['b'])
    expect(expectOk(journal.get('session', 'a'), 'get')).toBeUndefined()
  })

  test('a list is cut to one page and goes on after the last key', () => {
    const journal = open()
    const key = (index: number): string => String(index).padStart(6, '0')
    const count = limits.projectionPageMax + 1
    journal.append(
      [],
      Array.from({ length: count }, (_, index) => ({ table: 't', key: key(index), value: utf8('') })),
    )
    const page = expectOk(journal.list('t'), 'list')
    expect(page).toHaveLength(limits.projectionPageMax)
    expect(expectOk(journal.list('t', page.at(-1)?.key), 'list').map((row) => row.key)).toEqual([
      key(count - 1),
    ])
  })

  test('a row over its cap is refused together with its events', () => {
    const journal = open()
    const value = new Uint8Array(limits.projectionRowBytesMax + 1)
    const refused = journal.append(events('a'), [{ table: 't', key: 'k', value }])
    expect(refused.ok ? undefined : refused.error.cause).toBe('too-large')
    expect(journal.size).toBe(0)
  })
}

function describeAcknowledgements(open: () => Journal): void {
  test('an acknowledgement of this log advances the acknowledged size, durably', async () => {
    const journal = open()
    journal.append(events('a', 'b', 'c'))
    const message = await acknowledged({ size: 2, root: rootOfEvents('a', 'b') })
    expect(expectOk(journal.acknowledge(message), 'acknowledge')).toEqual({
      kind: 'advanced',
      acknowledgedSize: 2,
    })
    expect(open().acknowledgedSize).toBe(2)
  })

  test('an older or repeated acknowledgement changes nothing', async () => {
    const journal = open()
    journal.append(events('a', 'b', 'c'))
    journal.acknowledge(await acknowledged({ size: 3, root: rootOfEvents('a', 'b', 'c') }))
    const older = await acknowledged({ size: 1, root: rootOfEvents('a') })
    expect(expectOk(journal.acknowledge(older), 'acknowledge')).toEqual({ kind: 'known' })
    expect(journal.acknowledgedSize).toBe(3)
  })

  test('an acknowledgement for another device changes nothing', async () => {
    const journal = open()
    journal.append(events('a'))
    const message = await acknowledged({ device: deviceId('CP-8'), size: 9 })
    expect(expectOk(journal.acknowledge(message), 'acknowledge')).toEqual({ kind: 'another-epoch' })
    expect([journal.epoch, journal.acknowledgedSize]).toEqual([1, 0])
  })
}

function describeEpochs(open: () => Journal, disk: () => TestDisk): void {
  test('an acknowledgement of more events than the log has starts a new epoch with what was unacknowledged', async () => {
    const journal = open()
    journal.append(events('a', 'b', 'c'), [{ table: 'state', key: 'k', value: utf8('kept') }])
    journal.acknowledge(await acknowledged({ size: 1, root: rootOfEvents('a') }))
    const outcome = journal.acknowledge(await acknowledged({ size: 5, root: rootOfEvents('other') }))
    expect(expectOk(outcome, 'acknowledge')).toEqual({ kind: 'epoch-started', epoch: 2, carriedOver: 2 })
    expect([journal.epoch, journal.acknowledgedSize]).toEqual([2, 0])
    expect(payloadsOf(journal)).toEqual(['b', 'c'])
    expect(toHex(journal.root)).toBe(rootOfEvents('b', 'c'))
    expect(expectOk(journal.get('state', 'k'), 'get')).toEqual(utf8('kept'))
    expect(payloadsOf(open())).toEqual(['b', 'c'])
  })

  test('an acknowledgement of another root for the same events starts a new epoch', async () => {
    const journal = open()
    journal.append(events('a', 'b'))
    const outcome = journal.acknowledge(await acknowledged({ size: 2, root: rootOfEvents('a', 'x') }))
    expect(expectOk(outcome, 'acknowledge')).toEqual({ kind: 'epoch-started', epoch: 2, carriedOver: 2 })
  })

  test('an acknowledgement of a later epoch moves past it', async () => {
    const journal = open()
    journal.append(events('a'))
    const outcome = journal.acknowledge(await acknowledged({ epoch: 4, size: 9 }))
    expect(expectOk(outcome, 'acknowledge')).toEqual({ kind: 'epoch-started', epoch: 5, carriedOver: 1 })
  })

  test('an acknowledgement of the epoch that was left changes nothing', async () => {
    const journal = open()
    journal.append(events('a'))
    const late = await acknowledged({ size: 1, root: rootOfEvents('a') })
    journal.acknowledge(await acknowledged({ size: 2 }))
    expect(expectOk(journal.acknowledge(late), 'acknowledge')).toEqual({ kind: 'another-epoch' })
    expect(journal.acknowledgedSize).toBe(0)
  })

  test('a database put back from before an acknowledgement starts a new epoch at opening', async () => {
    const journal = open()
    journal.append(events('a'))
    disk().backUp()
    journal.append(events('b'))
    journal.acknowledge(await acknowledged({ size: 2, root: rootOfEvents('a', 'b') }))
    journal.close()
    disk().restore()
    const restored = open()
    expect(restored.epoch).toBe(2)
    expect(payloadsOf(restored)).toEqual(['a'])
  })

  test('a database put back from an earlier epoch starts one that was never used', async () => {
    const journal = open()
    journal.append(events('a'))
    disk().backUp()
    journal.acknowledge(await acknowledged({ size: 5 }))
    expect(journal.epoch).toBe(2)
    journal.close()
    disk().restore()
    expect(open().epoch).toBe(3)
  })

  test('a database that vanished is not begun again under the same epoch', () => {
    const journal = open()
    journal.append(events('a'))
    journal.close()
    disk().lose()
    const again = open()
    expect([again.epoch, again.size]).toEqual([2, 0])
  })
}

function describePurge(open: () => Journal): void {
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `event ${index}`)

  async function acknowledge(journal: Journal, size: number, from: number): Promise<void> {
    const root = rootOfEvents(...names(from).slice(0, size))
    journal.acknowledge(await acknowledged({ size, root }))
  }

  test('what is acknowledged can be purged, and nothing above it', async () => {
    const journal = open()
    journal.append(events(...names(20)))
    await acknowledge(journal, 13, 20)
    expect(expectOk(journal.purge(20), 'purge')).toBe(13)
    expect([journal.purgedSize, journal.acknowledgedSize, journal.size]).toEqual([13, 13, 20])
    const gone = journal.read(12, 20)
    expect(gone.ok ? undefined : gone.error.cause).toBe('purged')
    expect(expectOk(journal.read(13, 20), 'read').map(({ seq }) => seq)).toEqual([13, 14, 15, 16, 17, 18, 19])
  })

  test('the root stays, the log goes on and opens again, and is purged no second time', async () => {
    const journal = open()
    journal.append(events(...names(20)))
    await acknowledge(journal, 13, 20)
    journal.purge(13)
    journal.append(events('event 20', 'event 21'))
    const again = open()
    expect([again.size, again.purgedSize]).toEqual([22, 13])
    expect(toHex(again.root)).toBe(rootOfEvents(...names(22)))
    expect(expectOk(again.purge(5), 'purge')).toBe(13)
    expect(expectOk(again.append(events('event 22')), 'append').firstSeq).toBe(22)
  })

  test('whatever was purged, every proof about the rest verifies', async () => {
    const journal = open()
    journal.append(events(...names(21)))
    await acknowledge(journal, 21, 21)
    for (const purged of [1, 2, 3, 4, 7, 8, 12, 16, 21]) {
      journal.purge(purged)
      const { root, size } = journal
      for (let seq = purged; seq < size; seq += 1) {
        const proof = inclusionProof(journal.readNode, seq, size)
        expect(proof && verifyInclusion(leafHash(utf8(`event ${seq}`)), seq, size, proof, root)).toBe(true)
        const earlier = rootOf(expectOk(journal.frontierAt(seq), 'frontier'))
        expect(toHex(earlier)).toBe(rootOfEvents(...names(seq)))
        const consistency = consistencyProof(journal.readNode, seq, size)
        expect(
          consistency && verifyConsistency({ size: seq, root: earlier }, { size, root }, consistency),
        ).toBe(true)
      }
      const before = journal.frontierAt(Math.max(1, purged - 1))
      if (purged > 1) expect(before.ok ? undefined : before.error.cause).toBe('purged')
    }
  })

  test('an acknowledgement that comes late and says less than was purged changes nothing', async () => {
    const journal = open()
    journal.append(events(...names(20)))
    const late = await acknowledged({ size: 5, root: rootOfEvents(...names(5)) })
    const foreign = await acknowledged({ size: 6, root: rootOfEvents('other') })
    await acknowledge(journal, 13, 20)
    journal.purge(13)
    expect(expectOk(journal.acknowledge(late), 'acknowledge')).toEqual({ kind: 'known' })
    expect(expectOk(journal.acknowledge(foreign), 'acknowledge')).toEqual({ kind: 'known' })
    expect([journal.epoch, journal.size]).toEqual([1, 20])
    const { root } = journal
    expect(
      expectOk(journal.acknowledge(await acknowledged({ size: 20, root: toHex(root) })), 'acknowledge'),
    ).toEqual({
      kind: 'advanced',
      acknowledgedSize: 20,
    })
  })

  test('a new epoch after a purge carries over what nobody else has, and begins whole', async () => {
    const journal = open()
    journal.append(events(...names(20)))
    await acknowledge(journal, 13, 20)
    journal.purge(13)
    journal.acknowledge(await acknowledged({ size: 40, root: rootOfEvents('other') }))
    expect([journal.epoch, journal.size, journal.purgedSize]).toEqual([2, 7, 0])
    expect(payloadsOf(journal)).toEqual(names(20).slice(13))
  })
}
