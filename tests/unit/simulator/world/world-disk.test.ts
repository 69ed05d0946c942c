/** A disk that fails at a chosen write, as disks do. */

import { expect, test } from 'vitest'
import { deviceId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import type { Journal } from '@/lib/journal/journal'
import { openLog } from '@/lib/journal/log-journal'
import { Dice } from '@/simulator/world/dice'
import { WorldDisk, type DiskFault } from '@/simulator/world/world-disk'

const dice = new Dice('disk')
const open = (disk: WorldDisk): Journal =>
  expectOk(openLog(disk, { device: deviceId('KIN-01'), random: dice }), 'the journal opens')
const event = (text: string) => ({ kind: 'test', payload: new TextEncoder().encode(text) })

function fail(kind: DiskFault): {
  readonly disk: WorldDisk
  readonly journal: Journal
  readonly cuts: () => number
} {
  let cuts = 0
  const disk = new WorldDisk(() => (cuts += 1))
  const journal = open(disk)
  expectOk(journal.append([event('first')]), 'a whole disk')
  disk.plan(kind, 0)
  return { disk, journal, cuts: () => cuts }
}

test('Power that fails before a write is durable loses the write and its program', () => {
  const { disk, journal, cuts } = fail('cut-before')
  expect(journal.append([event('lost')])).toMatchObject({ ok: false })
  expect(journal.append([event('never')])).toMatchObject({ ok: false })
  expect([cuts(), disk.head?.size]).toEqual([1, 1])
  expect(open(disk).size).toBe(1)
})

test('Power that fails after a write keeps it, although its program never learns', () => {
  const { disk, journal, cuts } = fail('cut-after')
  expect(journal.append([event('kept')])).toMatchObject({ ok: false })
  expect([cuts(), disk.head?.size]).toEqual([1, 2])
  expect(open(disk).size).toBe(2)
})

test('A full disk takes nothing, and later takes everything', () => {
  const { disk, journal } = fail('full')
  expect(journal.append([event('no room')])).toMatchObject({ error: { cause: 'full' } })
  expectOk(journal.append([event('room')]), 'there is room again')
  expect(disk.head?.size).toBe(2)
})

test('A backup puts the disk back to an earlier day', () => {
  const disk = new WorldDisk(() => undefined)
  const journal = open(disk)
  expectOk(journal.append([event('old')]), 'a whole disk')
  const backup = disk.backUp()
  expectOk(journal.append([event('new')]), 'a whole disk')
  disk.restore(backup)
  expect(open(disk).size).toBe(1)
})
