import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { grantSerial } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { signMessage } from '@/lib/protocol/message'
import { revocations } from '@/lib/protocol/messages/revocations'
import { decodeParcel } from '@/lib/sync/parcel'
import type { NewFile, StickFolder } from '@/lib/roads/stick-folder'
import { startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { delta, news, newsCode } from '@/tests/fixtures/kiosk-issuer'
import { issuerSigner, storyOperator, testSigner } from '@/tests/fixtures/messages'
import { bagOf, itemsOf, StickWorld } from '@/tests/fixtures/stick-world'

let world: StickWorld
let stick: string

beforeEach(async () => {
  world = await StickWorld.create()
  await world.kiosk.controller.takeNews({ trustList: await world.trust() })
  await startSession(world.kiosk, await TestWallet.create('anna'), 1_500)
  stick = world.stick()
})
afterEach(() => world.remove())

const journal = () => world.kiosk.journal
const parcels = (of = stick) => world.file(of, 'parcels')
const answers = (of = stick) => world.file(of, 'answers')
const ids = async (): Promise<readonly string[]> =>
  (await itemsOf(parcels())).map((item) => {
    const parcel = decodeParcel(item)
    return parcel.ok ? parcel.value.label.id : 'damaged'
  })
const here = (): readonly string[] => readdirSync(join(stick, 'outpost')).sort()

/** A charger with so much to tell that it takes several parcels. */
async function longLog(events: number): Promise<void> {
  const { controller } = world.kiosk
  while (journal().size < events) {
    const seals = [{ place: 'meter', number: `OP-${journal().size}`, isIntact: true }]
    const recorded = await controller.recordSeals(seals, grantSerial('7ec4000000000001'))
    if (!recorded.ok) throw new Error('The seals were not recorded')
  }
}

describe('a stick at the charger', () => {
  test('takes the whole log sealed, and the log forgets nothing before the answers came back', async () => {
    const size = journal().size
    expect(await world.serve(stick)).toMatchObject({ parcels: 1, news: 0, isPart: false, fault: null })
    expect(journal()).toMatchObject({ acknowledgedSize: 0, purgedSize: 0, size })
    await world.carry(stick)
    expect(world.receiver.eventsOf(journal().epoch)).toHaveLength(size)
    expect(journal().acknowledgedSize).toBe(0)
    expect(await world.serve(stick)).toMatchObject({ news: 1, known: 0, refused: 0, fault: null })
    expect(journal().acknowledgedSize).toBe(size)
  })

  test('brings what is revoked, and the charger turns it away from then on', async () => {
    await world.serve(stick)
    const list = { operator: storyOperator, epoch: 13, timeS: world.kiosk.time.nowS() }
    const serials = [grantSerial('00000000000000aa')]
    world.news = { revocations: (await signMessage(revocations, { ...list, serials }, issuerSigner)).bytes }
    await world.carry(stick)
    expect(await world.serve(stick)).toMatchObject({ news: 1, fault: null })
    expect(world.kiosk.events().findLast(({ kind }) => kind === 'news')).toMatchObject({
      revocationEpoch: 13,
    })
  })

  test('is served again and again with the same parcels, until an answer says that they arrived', async () => {
    await longLog(300)
    expect(await world.serve(stick)).toMatchObject({ parcels: 2 })
    const first = await ids()
    expect(await world.serve(stick)).toMatchObject({ parcels: 2 })
    expect(await ids()).toEqual(first)
    await world.carry(stick)
    expect(await world.serve(stick)).toMatchObject({ news: 2, parcels: 1 })
    // What was new before is known now, and asks for nothing but news.
    expect(await world.serve(stick)).toMatchObject({ news: 0, known: 2, refused: 0, parcels: 1 })
  })

  test('may come back months later with answers that others have overtaken', async () => {
    await world.serve(stick)
    const old = await world.carry(stick)
    await longLog(40)
    const second = world.stick('SECOND')
    await world.serve(second)
    await world.carry(second)
    await world.serve(second)
    const size = journal().acknowledgedSize
    expect(await world.serve(stick)).toMatchObject({ news: 0, known: old.length, refused: 0 })
    expect(journal().acknowledgedSize).toBe(size)
  })

  test('played back renews nothing: strangers’ bad news stay uncounted', async () => {
    const forged = newsCode(news('revocation-delta', await delta(12, 13, [], testSigner('nobody'))))
    const show = () => world.kiosk.controller.handleScan(1, forged)
    const noted = () => world.kiosk.kinds().filter((kind) => kind === 'news.refused').length
    for (let shown = 0; shown < limits.refusedNewsMax + 3; shown += 1) await show()
    expect(noted()).toBe(limits.refusedNewsMax)
    await world.serve(stick)
    await world.carry(stick)
    expect(await world.serve(stick)).toMatchObject({ news: 1 })
    await show()
    expect(noted()).toBe(limits.refusedNewsMax + 1)
    for (let shown = 0; shown < limits.refusedNewsMax; shown += 1) await show()
    const before = noted()
    expect(await world.serve(stick)).toMatchObject({ news: 0, known: 1 })
    await show()
    expect(noted()).toBe(before)
  })

  test('carries for several chargers, each of which touches only what is its own', async () => {
    const other = await StickWorld.create(8)
    await other.kiosk.controller.takeNews({ trustList: await other.trust() })
    await world.serve(stick)
    await other.serve(stick)
    expect(here()).toEqual([`${other.mailbox}.parcels`, `${world.mailbox}.parcels`].sort())
    await world.carry(stick)
    expect(await other.serve(stick)).toMatchObject({ news: 0, refused: 0, fault: null })
    // Somebody renamed the file: the answers are another charger’s all the same.
    writeFileSync(other.file(stick, 'answers'), readFileSync(answers()))
    expect(await other.serve(stick)).toMatchObject({ news: 0, known: 0, refused: 1 })
    expect(other.kiosk.journal.acknowledgedSize).toBe(0)
    other.remove()
  })

  test('says so when the operator has not yet said whom to seal to', async () => {
    const early = await StickWorld.create(7)
    const given = early.stick()
    expect(await early.serve(given)).toMatchObject({ parcels: 0, fault: { code: 'parcel.no-key' } })
    expect(readdirSync(join(given, 'outpost'))).toEqual([])
    early.remove()
  })
})

describe('a stick that is damaged or was tampered with', () => {
  test('brings nothing, whatever is altered in its answers, and is served all the same', async () => {
    await world.serve(stick)
    const [answer = new Uint8Array()] = await world.carry(stick)
    for (let at = 0; at < answer.length; at += 37) {
      writeFileSync(
        answers(),
        bagOf('answers', [answer.map((byte, index) => (index === at ? byte ^ 0x10 : byte))]),
      )
      expect(await world.serve(stick)).toMatchObject({ news: 0, refused: 1, parcels: 1, fault: null })
    }
    expect(journal().acknowledgedSize).toBe(0)
  })

  test('counts garbage, an empty file and a bag of parcels as what cannot be used', async () => {
    await world.serve(stick)
    for (const content of [new Uint8Array(5_000).fill(0x5a), readFileSync(parcels())]) {
      writeFileSync(answers(), content)
      expect(await world.serve(stick)).toMatchObject({ news: 0, refused: 1, fault: null })
    }
    writeFileSync(answers(), '')
    expect(await world.serve(stick)).toMatchObject({ news: 0, refused: 1, fault: null })
    expect(journal().acknowledgedSize).toBe(0)
  })

  test('that was pulled out while answers were written brings those that are whole', async () => {
    await longLog(300)
    await world.serve(stick)
    await world.carry(stick)
    truncateSync(answers(), readFileSync(answers()).length - 20)
    expect(await world.serve(stick)).toMatchObject({ news: 1, refused: 1 })
    expect(journal().acknowledgedSize).toBe(256)
  })

  test('leads nowhere by links, neither by the folder nor by a file in it', async () => {
    const elsewhere = world.stick('ELSEWHERE')
    const victim = join(elsewhere, 'journal')
    writeFileSync(victim, 'what must stay')
    symlinkSync(elsewhere, join(stick, 'outpost'))
    expect(await world.serve(stick)).toMatchObject({ parcels: 0, fault: { code: 'stick.unreadable' } })
    expect(readdirSync(elsewhere)).toEqual(['journal'])

    const second = world.stick('SECOND')
    mkdirSync(join(second, 'outpost'))
    for (const path of [parcels(second), `${parcels(second)}.partial`, answers(second)])
      symlinkSync(victim, path)
    expect(await world.serve(second)).toMatchObject({ parcels: 1, news: 0, refused: 0, fault: null })
    expect(readFileSync(victim, 'utf8')).toBe('what must stay')
    expect(lstatSync(parcels(second)).isFile()).toBe(true)
    expect(readlinkSync(answers(second))).toBe(victim)
  })

  test('with folders in the place of files is said to be unreadable', async () => {
    mkdirSync(parcels(), { recursive: true })
    mkdirSync(answers(), { recursive: true })
    writeFileSync(join(parcels(), 'keep'), '')
    expect(await world.serve(stick)).toMatchObject({ refused: 0, fault: { code: 'stick.unreadable' } })
    expect(here()).toEqual([`${world.mailbox}.answers`, `${world.mailbox}.parcels`])
  })
})

describe('a stick that is full or pulled out', () => {
  /** From the given length on, whatever is appended fails so. */
  const failing =
    (code: string, from: number) =>
    (folder: StickFolder): StickFolder => ({
      ...folder,
      create: async (name) => {
        const file: NewFile = await folder.create(name)
        let length = 0
        return {
          ...file,
          append: async (bytes) => {
            // As a disk does it: a part of the piece is there already.
            await file.append(bytes.subarray(0, Math.max(0, from - length)))
            length += bytes.length
            if (length > from) throw Object.assign(new Error(code), { code })
          },
        }
      },
    })

  test('keeps what is whole where there was nothing before', async () => {
    await longLog(300)
    await world.serve(stick)
    const [first = new Uint8Array()] = await itemsOf(parcels())
    const small = world.stick('SMALL')
    const done = await world.serve(small, failing('ENOSPC', first.length + 60))
    expect(done).toMatchObject({ parcels: 1, isPart: true, fault: { code: 'stick.full' } })
    expect(await itemsOf(parcels(small))).toHaveLength(1)
    expect(readFileSync(parcels(small))).toHaveLength(done.bytes)
  })

  test('keeps the larger old file, and leaves nothing half beside it', async () => {
    await longLog(300)
    await world.serve(stick)
    const before = readFileSync(parcels())
    for (const room of [0, 10, 3_000, before.length - 1]) {
      const done = await world.serve(stick, failing('ENOSPC', room))
      expect(done.fault).toEqual({ code: 'stick.full' })
      expect(readFileSync(parcels()).equals(before)).toBe(true)
      expect(here()).toEqual([`${world.mailbox}.parcels`])
    }
  })

  test('that is pulled out in the middle has the old file, and the charger lost nothing', async () => {
    await world.serve(stick)
    const before = readFileSync(parcels())
    const pulled = await world.serve(stick, failing('EIO', 200))
    expect(pulled).toMatchObject({ parcels: 0, fault: { code: 'stick.unreadable' } })
    expect(readFileSync(parcels()).equals(before)).toBe(true)
    expect(journal()).toMatchObject({ acknowledgedSize: 0, purgedSize: 0 })
  })

  test('still brings its answers where nothing can be written', async () => {
    await world.serve(stick)
    await world.carry(stick)
    const done = await world.serve(stick, failing('EROFS', 0))
    expect(done).toMatchObject({ news: 1, parcels: 0, fault: { code: 'stick.unreadable' } })
    expect(journal().acknowledgedSize).toBeGreaterThan(0)
  })

  test('what an earlier visit left half is swept away', async () => {
    mkdirSync(join(stick, 'outpost'))
    writeFileSync(`${parcels()}.partial`, 'half')
    expect(await world.serve(stick)).toMatchObject({ parcels: 1, fault: null })
    expect(existsSync(`${parcels()}.partial`)).toBe(false)
  })
})
