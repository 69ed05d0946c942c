import { describe, expect, test } from 'vitest'
import type { Bytes } from '@/lib/core/bytes'
import { grantSerial, operatorId } from '@/lib/core/ids'
import { err, expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { acknowledgement, type Acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { revocations } from '@/lib/protocol/messages/revocations'
import { trustList } from '@/lib/protocol/messages/trust-list'
import { decodeBundle } from '@/lib/sync/bundle'
import type { Road, RoadNews } from '@/lib/roads/road'
import { MemoryReceiver } from '@/tests/fixtures/issuer'
import { delta, permitted } from '@/tests/fixtures/kiosk-issuer'
import { issuedPolicy, KioskWorld, kioskSigner, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { issuerSigner, rootSigner, storyOperator, storyTimeS, testSigner } from '@/tests/fixtures/messages'

/** A road to a receiver in memory that can be cut, and that carries whatever news the test puts on it. */
function testRoad() {
  const receiver = new MemoryReceiver(kioskSigner.publicKey, issuerSigner)
  const control: {
    isCut: boolean
    news: Omit<RoadNews, 'acknowledgement'>
    sent: number
    /** What the issuer confirms beside what it holds. */
    confirms: Pick<Acknowledgement, 'settledCounter' | 'heldSerials'>
  } = { isCut: false, news: {}, sent: 0, confirms: {} }
  const road: Road = {
    name: 'test',
    send: async (bundle) => {
      control.sent += 1
      if (control.isCut) return err({ code: 'api.unreachable', detail: 'cut' })
      const answer = await receiver.receive(bundle)
      if (!answer.ok) return answer
      const held = expectOk(parseMessage(acknowledgement, answer.value.acknowledgement), 'an acknowledgement')
      const confirmed = await signMessage(
        acknowledgement,
        { ...held.payload, ...control.confirms },
        issuerSigner,
      )
      return ok({ ...control.news, acknowledgement: confirmed.bytes })
    },
  }
  return { road, receiver, control }
}

async function oneSession(world: KioskWorld, wallet: TestWallet, holdMinor: number): Promise<void> {
  await startSession(world, wallet, holdMinor)
  await world.charge(600, 36_000)
  await world.charger.unplug()
  await world.settle()
  wallet.release(holdMinor - 294)
}

/** The wallet takes a signed decline to its chain: that seq is gone, and its hold is free again. */
async function declined(world: KioskWorld, wallet: TestWallet, holdMinor: number): Promise<void> {
  await wallet.authorize(world.offer(), holdMinor)
  wallet.release(holdMinor)
}

const refusalOf = async (world: KioskWorld, wallet: TestWallet, holdMinor: number) => {
  const held = await wallet.authorize(world.offer(), holdMinor, {}, { steps: false })
  const outcome = await world.controller.handleScan(1, held.text)
  return outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind
}

describe('the way to the cloud', () => {
  test('brings every event home once, and says on the screen whether it works', async () => {
    const { road, receiver, control } = testRoad()
    const world = await KioskWorld.create({ road })
    await world.pass(3)
    expect(world.controller.screenState().uplink).toBe('online')
    await oneSession(world, await TestWallet.create('anna'), 1_500)
    await world.pass(5)
    expect(receiver.eventsOf(1)).toHaveLength(world.journal.size)
    expect(world.journal.acknowledgedSize).toBe(world.journal.size)
    control.isCut = true
    await world.charger.plug()
    await world.pass(120)
    expect(world.controller.screenState().uplink).toBe('offline')
    expect(receiver.refused).toEqual([])
  })

  test('backs off while it is cut, and goes at once when the network is back', async () => {
    const { road, control } = testRoad()
    control.isCut = true
    const world = await KioskWorld.create({ road })
    await world.pass(3_600)
    expect(control.sent).toBeLessThan(40)
    control.isCut = false
    world.controller.networkChanged()
    await world.pass(1)
    expect(world.controller.screenState().uplink).toBe('online')
  })

  test('two machines under one key chase each other ever more slowly', async () => {
    let sent = 0
    // What a copy at work beside it looks like: whatever epoch is told, the issuer knows more of it.
    const road: Road = {
      name: 'test',
      send: async (bundle) => {
        sent += 1
        const { checkpoint } = expectOk(decodeBundle(bundle), 'a bundle')
        const { device, epoch, size } = checkpoint.payload
        const root = 'ab'.repeat(32) as Acknowledgement['root']
        const known = { device, epoch, size: size + 5, root, timeS: storyTimeS }
        return ok({ acknowledgement: (await signMessage(acknowledgement, known, issuerSigner)).bytes })
      },
    }
    const world = await KioskWorld.create({ road })
    await world.pass(3_600)
    expect(world.journal.epoch).toBeGreaterThan(2)
    expect(sent).toBeLessThan(10)
    const before = sent
    world.controller.networkChanged()
    await world.pass(1)
    expect(sent).toBe(before)
    await world.controller.syncNow()
    expect(sent).toBe(before + 1)
  })

  test('a network that comes back while an attempt still hangs is used at once', async () => {
    const { road: real } = testRoad()
    let isBack = false
    const hanging: (() => void)[] = []
    const road: Road = {
      name: 'test',
      send: async (bundle) => {
        if (isBack) return real.send(bundle)
        await new Promise<void>((resolve) => hanging.push(resolve))
        return err({ code: 'api.unreachable', detail: 'timed out' })
      },
    }
    const world = await KioskWorld.create({ road })
    await world.pass(1)
    expect(hanging).toHaveLength(1)
    isBack = true
    world.controller.networkChanged()
    hanging[0]?.()
    await world.settle()
    await world.pass(1)
    expect(world.controller.screenState().uplink).toBe('online')
  })

  test('by a metered road what is urgent goes at once and alone, the rest when it may', async () => {
    const { road: real, receiver, control } = testRoad()
    let isOpen = false
    const kinds: string[][] = []
    const road: Road = {
      name: 'test',
      meter: {
        leave: (priority) =>
          isOpen || priority === 'urgent'
            ? { kind: 'yes' }
            : { kind: 'no', bound: 'window', untilS: storyTimeS + 3_600 },
      },
      send: (bundle) => {
        const { events } = expectOk(decodeBundle(bundle), 'a bundle')
        kinds.push(events.map((event) => expectOk(decodeJournalEvent(event), 'an event').kind))
        return real.send(bundle)
      },
    }
    control.isCut = true
    const world = await KioskWorld.create({ road })
    await world.pass(10)
    expect(control.sent).toBe(0)
    await oneSession(world, await TestWallet.create('anna'), 1_500)
    await world.pass(600)
    expect(kinds[0]).toContain('accepted')
    expect(kinds.every((one) => one.includes('accepted') || one.includes('ended'))).toBe(true)
    isOpen = true
    control.isCut = false
    await world.pass(1_000)
    expect(receiver.eventsOf(1)).toHaveLength(world.journal.size)
  })

  test('survives restarts in the middle: nothing is sent twice into the books', async () => {
    const { road, receiver, control } = testRoad()
    const world = await KioskWorld.create({ road })
    control.isCut = true
    await oneSession(world, await TestWallet.create('anna'), 1_500)
    await world.powerCut()
    control.isCut = false
    await world.controller.syncNow()
    expect(receiver.eventsOf(1)).toHaveLength(world.journal.size)
  })
})

describe('what an acknowledgement settles', () => {
  test('a grant whose sessions here are settled is no stranger any more', async () => {
    const { road, control } = testRoad()
    const world = await KioskWorld.create({ road })
    const wallet = await TestWallet.create('anna')
    control.isCut = true
    await oneSession(world, wallet, 1_000)
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, wallet, 3_000)).toBe('hold.first-seen')
    control.isCut = false
    control.confirms = { settledCounter: 1 }
    await world.controller.syncNow()
    // The decline used up that number of the chain; the next one goes through.
    await declined(world, wallet, 3_000)
    expect(await refusalOf(world, wallet, 3_000)).toBe('accepted')
  })

  test.each([
    ['that the issuer holds and has not settled', {}],
    ['of an earlier receipt than the one that counts', { settledCounter: 0 }],
    ['with this grant in a case', { settledCounter: 1, heldSerials: ['anna'] }],
  ])('a log %s makes nobody known', async (_name, confirms: object) => {
    const { road, control } = testRoad()
    const world = await KioskWorld.create({ road })
    const wallet = await TestWallet.create('anna')
    const heldSerials = 'heldSerials' in confirms ? { heldSerials: [wallet.grant.payload.serial] } : {}
    control.confirms = { ...confirms, ...heldSerials }
    await oneSession(world, wallet, 1_000)
    await world.controller.syncNow()
    expect(world.journal.acknowledgedSize).toBe(world.journal.size)
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, wallet, 3_000)).toBe('hold.first-seen')
  })

  test('a grant that was known is a stranger again once a session of it here is in a case', async () => {
    const { road, control } = testRoad()
    const world = await KioskWorld.create({ road })
    const wallet = await TestWallet.create('anna')
    control.confirms = { settledCounter: 1 }
    await oneSession(world, wallet, 1_000)
    await world.controller.syncNow()
    control.confirms = { settledCounter: 1, heldSerials: [wallet.grant.payload.serial] }
    await world.controller.syncNow()
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, wallet, 3_000)).toBe('hold.first-seen')
  })

  test('a confirmation that comes later than the acknowledgement still counts, also over a restart', async () => {
    const { road, control } = testRoad()
    const world = await KioskWorld.create({ road })
    const wallet = await TestWallet.create('anna')
    await oneSession(world, wallet, 1_000)
    await world.controller.syncNow()
    await world.powerCut()
    control.confirms = { settledCounter: 1 }
    await world.controller.syncNow()
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, wallet, 3_000)).toBe('accepted')
  })

  test('a session that cost nothing makes nobody known', async () => {
    const { road, control } = testRoad()
    const world = await KioskWorld.create({ road })
    const wallet = await TestWallet.create('anna')
    control.confirms = { settledCounter: 1 }
    await startSession(world, wallet, 1_000)
    await world.charger.unplug()
    await world.settle()
    wallet.release(1_000)
    await world.controller.syncNow()
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, wallet, 3_000)).toBe('hold.first-seen')
  })

  test('roaming money at stake is capped until it is confirmed, also over a restart', async () => {
    const { road, control } = testRoad()
    const world = await KioskWorld.create({ road, policy: { exposureCapMinor: 1_000 as never } })
    control.isCut = true
    await oneSession(world, await TestWallet.create('anna'), 900)
    await world.powerCut()
    await world.charger.plug()
    await world.settle()
    const berta = await TestWallet.create('berta')
    expect(await refusalOf(world, berta, 800)).toBe('hold.exposure')
    control.isCut = false
    await world.controller.syncNow()
    await berta.authorize(world.offer(), 800)
    berta.release(800)
    expect(await refusalOf(world, berta, 800)).toBe('accepted')
  })

  test('what an acknowledgement just before a power cut settled is settled, and its confirmation comes with the next', async () => {
    const { road, control } = testRoad()
    const world = await KioskWorld.create({ road, policy: { exposureCapMinor: minorUnits(1_700) } })
    const wallet = await TestWallet.create('anna')
    control.isCut = true
    await oneSession(world, wallet, 1_000)
    control.isCut = false
    let hasCut = false
    world.disk.fault = undefined
    // The log learns of it, the rows do not: the disk is full for them.
    const acknowledge = world.journal.acknowledge.bind(world.journal)
    world.journal.acknowledge = (message) => {
      const outcome = acknowledge(message)
      hasCut = true
      world.disk.fault = 'full'
      return outcome
    }
    await world.controller.syncNow()
    expect(hasCut).toBe(true)
    world.disk.fault = undefined
    world.journal.acknowledge = acknowledge
    await world.powerCut()
    await world.charger.plug()
    await world.settle()
    // Nothing is at stake unseen any more; that the grant is good is still to be said.
    expect(await refusalOf(world, await TestWallet.create('berta'), 1_500)).toBe('accepted')
    await world.charger.unplug()
    await world.settle()
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, wallet, 1_600)).toBe('hold.first-seen')
    control.confirms = { settledCounter: 1 }
    await world.controller.syncNow()
    await declined(world, wallet, 1_600)
    expect(await refusalOf(world, wallet, 1_600)).toBe('accepted')
  })
})

const revoke = async (epoch: number, serials: readonly string[], signer = issuerSigner): Promise<Bytes> =>
  (
    await signMessage(
      revocations,
      { operator: storyOperator, epoch, timeS: storyTimeS, serials: serials.map(grantSerial) },
      signer,
    )
  ).bytes

describe('news of the issuer', () => {
  test('a revocation counts from the next scan, and an older list brings nobody back', async () => {
    const world = await KioskWorld.create()
    const wallet = await TestWallet.create('anna')
    await world.controller.takeNews({ revocations: await revoke(13, [wallet.grant.payload.serial]) })
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.revocationEpoch).toBe(13)
    expect(await refusalOf(world, wallet, 1_000)).toBe('grant.revoked')
    await world.controller.takeNews({ revocations: await revoke(11, []) })
    await world.powerCut()
    await world.charger.plug()
    await world.settle()
    const next = await TestWallet.create('anna', { capMinor: 9_999 as never })
    expect(await refusalOf(world, next, 1_000)).toBe('grant.revoked')
    expect(world.kinds().filter((kind) => kind === 'news')).toHaveLength(1)
  })

  test('revoked while charging: the session runs on and ends as it would have', async () => {
    const world = await KioskWorld.create()
    const wallet = await TestWallet.create('anna')
    await startSession(world, wallet, 1_500)
    await world.charge(300, 36_000)
    await world.controller.takeNews({ revocations: await revoke(13, [wallet.grant.payload.serial]) })
    await world.charge(300, 36_000)
    await world.charger.unplug()
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({ totalMinor: 294, stopReason: 'unplugged' })
  })

  test('a new policy prices the next offer, never the session that runs', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(300, 36_000)
    const dearer = await issuedPolicy({
      sequence: 8,
      tariff: { ...(await issuedPolicy()).payload.tariff, energyPerKwh: 9_000 },
    })
    await world.controller.takeNews({ policy: dearer.bytes })
    expect(world.controller.screenState().connectors[0]?.tariff?.energyPerKwh).toBe(4_900)
    await world.charge(300, 36_000)
    await world.charger.unplug()
    await world.settle()
    expect(world.phaseOf('finished').totalMinor).toBe(294)
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload).toMatchObject({ policySequence: 8, tariff: { energyPerKwh: 9_000 } })
  })

  test('a policy that begins later waits for its time, also over a restart', async () => {
    const world = await KioskWorld.create()
    const later = await issuedPolicy({ sequence: 8, notBeforeS: epochSeconds(storyTimeS + 7_200) })
    await world.controller.takeNews({ policy: later.bytes })
    await world.powerCut()
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.policySequence).toBe(7)
    await world.pass(7_300)
    expect(world.offer().payload.policySequence).toBe(8)
  })

  test('a policy that was announced and holds by now is not lost to the next announcement', async () => {
    const world = await KioskWorld.create()
    const first = await issuedPolicy({ sequence: 8, notBeforeS: epochSeconds(storyTimeS + 3_600) })
    const second = await issuedPolicy({ sequence: 9, notBeforeS: epochSeconds(storyTimeS + 200_000) })
    await world.controller.takeNews({ nextPolicy: first.bytes })
    await world.pass(3_700)
    await world.controller.takeNews({ policy: first.bytes, nextPolicy: second.bytes })
    await world.powerCut()
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.policySequence).toBe(8)
  })

  test('deltas by road carry on from the list in any order, and permits count at once', async () => {
    const world = await KioskWorld.create()
    const [anna, berta] = [await TestWallet.create('anna'), await TestWallet.create('berta')]
    await world.controller.takeNews({
      revocations: await revoke(13, []),
      revocationDeltas: [await delta(14, 15, []), await delta(13, 14, [anna.grant.payload.serial])],
      permits: [await permitted({ verdict: 'veto', serial: berta.grant.payload.serial })],
    })
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.revocationEpoch).toBe(15)
    expect(await refusalOf(world, anna, 1_000)).toBe('grant.revoked')
    expect(await refusalOf(world, berta, 1_000)).toBe('permit.vetoed')
  })

  test.each([
    ['nobody signed', async () => (await issuedPolicy({ sequence: 9 }, testSigner('nobody'))).bytes],
    [
      'is another operator’s',
      async () => (await issuedPolicy({ sequence: 9, operator: operatorId('other') })).bytes,
    ],
    [
      'ends before it begins',
      async () => (await issuedPolicy({ sequence: 9, notAfterS: epochSeconds(storyTimeS - 90_000) })).bytes,
    ],
    [
      'sells in a currency that is none',
      async () =>
        (
          await issuedPolicy({
            sequence: 9,
            tariff: { ...(await issuedPolicy()).payload.tariff, currency: 'XXX' as never },
          })
        ).bytes,
    ],
    [
      'makes offers that nobody can scan in time',
      async () => (await issuedPolicy({ sequence: 9, offerTimeToLiveS: 5 })).bytes,
    ],
  ])('a policy that %s leaves the last good one in force and is noted', async (_name, make) => {
    const world = await KioskWorld.create()
    await world.controller.takeNews({ policy: await make() })
    await world.charger.plug()
    await world.settle()
    expect(world.offer().payload.policySequence).toBe(7)
    expect(world.kinds()).toContainEqual(expect.stringMatching(/^(news|policy)\.refused$/))
  })

  test('a trust list that the root did not sign changes nothing', async () => {
    const world = await KioskWorld.create()
    const forged = await signMessage(
      trustList,
      { operator: storyOperator, sequence: 99, timeS: storyTimeS, issuers: [] },
      testSigner('nobody'),
    )
    await world.controller.takeNews({ trustList: forged.bytes })
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, await TestWallet.create('anna'), 1_000)).toBe('accepted')
    expect(world.kinds()).toContain('news.refused')
  })

  test('a new issuer is trusted from its list on, and an issuer that was dropped no more', async () => {
    const world = await KioskWorld.create()
    const fresh = testSigner('issuer 2')
    const list = await signMessage(
      trustList,
      {
        operator: storyOperator,
        sequence: 2,
        timeS: storyTimeS,
        issuers: [
          { key: fresh.publicKey, notBeforeS: epochSeconds(0), notAfterS: epochSeconds(storyTimeS * 2) },
        ],
      },
      rootSigner,
    )
    await world.controller.takeNews({ trustList: list.bytes, revocations: await revoke(14, [], fresh) })
    await world.charger.plug()
    await world.settle()
    expect(await refusalOf(world, await TestWallet.create('anna'), 1_000)).toBe('grant.signature')
    expect(await refusalOf(world, await TestWallet.create('berta', {}, fresh), 1_000)).toBe('accepted')
    // Its own certificate came from the issuer that was dropped: the charger still wakes up and ends what runs.
    await world.settle()
    await world.powerCut()
    await world.charge(60, 36_000)
    expect(world.phase.kind).toBe('charging')
  })
})
