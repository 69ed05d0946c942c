import { expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { MemoryDisk, openMemoryJournal } from '@/lib/journal/memory-disk'
import {
  countingRandom,
  describeJournal,
  events,
  testDevice,
  type TestDisk,
} from '../../../contracts/journal'

function memoryDisk(): TestDisk {
  const disk = new MemoryDisk()
  const random = countingRandom()
  let backup: ReturnType<MemoryDisk['backUp']>
  return {
    open: (device = testDevice) => openMemoryJournal(disk, { device, random }),
    backUp: () => {
      backup = disk.backUp()
    },
    restore: () => disk.restore(backup),
    lose: () => disk.restore(undefined),
    dispose: () => undefined,
  }
}

describeJournal('the journal in memory', memoryDisk)

const openOn = (disk: MemoryDisk) => openMemoryJournal(disk, { device: testDevice, random: countingRandom() })

test('a full disk refuses the append, keeps what it had, and goes on when there is room', () => {
  const disk = new MemoryDisk()
  const journal = expectOk(openOn(disk), 'open')
  journal.append(events('a'))
  disk.fault = 'full'
  const refused = journal.append(events('b'))
  expect(refused.ok ? undefined : refused.error.cause).toBe('full')
  expect(journal.size).toBe(1)
  disk.fault = undefined
  expect(expectOk(journal.append(events('c')), 'append').firstSeq).toBe(1)
})

test('a commit whose answer was lost counts as what it is: done', () => {
  const disk = new MemoryDisk()
  const journal = expectOk(openOn(disk), 'open')
  disk.fault = 'answer-lost'
  expect(expectOk(journal.append(events('a')), 'append').size).toBe(1)
})

test('when nobody can say whether a commit happened, the journal writes nothing more until it is opened again', () => {
  const disk = new MemoryDisk()
  const journal = expectOk(openOn(disk), 'open')
  disk.fault = 'unreadable'
  expect(journal.append(events('a')).ok).toBe(false)
  disk.fault = undefined
  const refused = journal.append(events('b'))
  expect(refused.ok ? undefined : refused.error.cause).toBe('unavailable')
  const again = expectOk(openOn(disk), 'open again')
  expect(again.size).toBe(1)
  expect(again.append(events('b')).ok).toBe(true)
})

test('an event that changed on the disk is reported as damage, when it is read and at the next opening', () => {
  const disk = new MemoryDisk()
  const journal = expectOk(openOn(disk), 'open')
  journal.append(events('a', 'b'))
  const rotten = disk.contents!.events.get('1/1')!
  disk.contents!.events.set('1/1', { ...rotten, payload: Uint8Array.of(1) })
  const read = journal.read(0, 2)
  expect(read.ok ? undefined : read.error.cause).toBe('damaged')
  const opened = openOn(disk)
  expect(opened.ok ? undefined : opened.error.cause).toBe('damaged')
})

test('a changed subtree hash is reported as damage at the next opening', () => {
  const disk = new MemoryDisk()
  const journal = expectOk(openOn(disk), 'open')
  journal.append(events('a', 'b'))
  disk.contents!.nodes.set('1/1/0', disk.contents!.nodes.get('1/0/0')!)
  const opened = openOn(disk)
  expect(opened.ok ? undefined : opened.error.cause).toBe('damaged')
})
