import { describe, expect, test } from 'vitest'
import { epochSeconds, seconds } from '@/lib/core/units'
import { receiptOf } from '@/tests/fixtures/kiosk-receipts'
import { KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { storyTariff, storyTimeS } from '@/tests/fixtures/messages'

const withoutReadings = (world: KioskWorld) => world.kinds().filter((kind) => kind !== 'metered')

test('a driver plugs in, shows consent, charges, types the stop code and gets a receipt', async () => {
  const world = await KioskWorld.create()
  expect(world.phase.kind).toBe('available')
  const held = await startSession(world, await TestWallet.create('anna'), 1_500)
  const { stopCode } = world.phaseOf('charging')
  await world.charge(1_800, 36_000)
  expect(world.phaseOf('charging')).toMatchObject({
    energyWh: 18_000,
    costMinor: 882,
    stopTriesLeft: 5,
    stopCode: null,
  })
  await world.controller.handleStop(1, stopCode ?? '')
  await world.settle()
  const finished = world.phaseOf('finished')
  // 18.000 kWh × 0.49 = 8.82, by hand.
  expect(finished).toMatchObject({
    totalMinor: 882,
    releasedMinor: 618,
    energyWh: 18_000,
    stopReason: 'stop-code',
  })
  expect(finished.sessionId).toBe(held.authorization.hash)
  expect(withoutReadings(world)).toEqual(['boot', 'accepted', 'started', 'stopping', 'ended'])
  expect(receiptOf(world)).toMatchObject({
    counter: 1,
    previous: '0'.repeat(32),
    meterStartWh: 10_000,
    meterStopWh: 28_000,
    chargingS: 1_800,
  })
})

describe('how a session ends', () => {
  test('by unplugging', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(600, 36_000)
    await world.charger.unplug()
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({
      stopReason: 'unplugged',
      energyWh: 6_000,
      totalMinor: 294,
    })
  })

  test('by the hold, a moment before the bill reaches it, however late the charger stops', async () => {
    const world = await KioskWorld.create()
    world.charger.obeysStop = false
    await startSession(world, await TestWallet.create('anna'), 500)
    while (world.phase.kind === 'charging') await world.charge(10, 36_000)
    expect(world.phaseOf('stopping').costMinor).toBeLessThanOrEqual(500)
    // 10.204 kWh cost 5.00; the charger is deaf for another 50 s and passes it.
    await world.charge(50, 36_000)
    expect(world.charger.heard.filter((line) => line.startsWith('stop')).length).toBeGreaterThan(2)
    await world.charger.stopTransaction('Remote')
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({
      stopReason: 'hold-reached',
      totalMinor: 500,
      releasedMinor: 0,
    })
    const receipt = receiptOf(world)
    expect(receipt.meterStopWh - receipt.meterStartWh).toBeGreaterThan(10_204)
    expect(receipt.lines.energyMinor).toBe(500)
  })

  test('by the hold with an obedient charger, below the hold', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 500)
    await world.charge(1_200, 36_000)
    const { totalMinor } = world.phaseOf('finished')
    expect(totalMinor).toBeLessThanOrEqual(500)
    expect(totalMinor).toBeGreaterThan(480)
  })

  test.each([
    // The tick at ten minutes comes before the reading.
    ['of time', { sessionDurationMaxS: seconds(600) }, 5_900],
    ['of energy', { sessionEnergyMaxWh: 6_000 }, 6_000],
  ])('by a limit %s', async (_name, policy, energyWh) => {
    const world = await KioskWorld.create({ policy })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(900, 36_000)
    expect(world.phaseOf('finished')).toMatchObject({ stopReason: 'limit', energyWh })
  })

  test.each([
    ['Local', 'vehicle'],
    ['EmergencyStop', 'fault'],
    ['PowerLoss', 'power-cut'],
    ['EVDisconnected', 'unplugged'],
  ] as const)('by the charger itself: %s', async (reason, stopReason) => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(60, 36_000)
    await world.charger.stopTransaction(reason)
    await world.settle()
    expect(world.phaseOf('finished').stopReason).toBe(stopReason)
  })

  test('by a fault of the charger, also when it says nothing more', async () => {
    const world = await KioskWorld.create()
    world.charger.obeysStop = false
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(60, 36_000)
    await world.charger.setStatus('Faulted')
    await world.settle()
    expect(world.phase.kind).toBe('stopping')
    await world.pass(61)
    expect(world.phaseOf('finished')).toMatchObject({ stopReason: 'fault', energyWh: 600 })
    expect(world.kinds()).toContain('stop.unconfirmed')
  })

  test('without a StopTransaction after the vehicle has left, with the last known figures', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(60, 36_000)
    await world.charger.setStatus('Available')
    await world.settle()
    expect(world.phase.kind).toBe('stopping')
    await world.pass(16)
    expect(world.phaseOf('finished')).toMatchObject({ stopReason: 'unplugged', energyWh: 600 })
    // The charger remembers it later: acknowledged, noted, and the receipt stands.
    await world.charger.stopTransaction('EVDisconnected')
    expect(world.phaseOf('finished').energyWh).toBe(600)
    expect(world.kinds()).toContain('ocpp.unknown-stop')
  })
})

describe('the stop code', () => {
  test('locks after five wrong guesses, and then even the right one does nothing', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    const right = world.phaseOf('charging').stopCode ?? ''
    const wrong = right === '000000' ? '000001' : '000000'
    for (const left of [4, 3, 2, 1]) {
      const outcome = await world.controller.handleStop(1, wrong)
      expect(outcome).toEqual({ ok: false, error: { code: 'stop.code-wrong', facts: { left } } })
    }
    expect(await world.controller.handleStop(1, wrong)).toMatchObject({ error: { code: 'stop.code-locked' } })
    expect(await world.controller.handleStop(1, right)).toMatchObject({ error: { code: 'stop.code-locked' } })
    expect(world.phaseOf('charging').stopTriesLeft).toBe(0)
  })

  test('keeps its count of guesses over a power cut', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    const right = world.phaseOf('charging').stopCode ?? ''
    const wrong = right === '000000' ? '000001' : '000000'
    for (let guess = 0; guess < 4; guess += 1) await world.controller.handleStop(1, wrong)
    await world.powerCut()
    expect(world.phaseOf('charging').stopTriesLeft).toBe(1)
    expect((await world.controller.handleStop(1, right)).ok).toBe(true)
  })

  test('stops a session that has not begun, for nothing', async () => {
    const world = await KioskWorld.create()
    world.charger.onRemoteStart = 'forget'
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.controller.handleStop(1, world.phaseOf('starting').stopCode)
    expect(world.phaseOf('finished')).toMatchObject({
      stopReason: 'stop-code',
      totalMinor: 0,
      releasedMinor: 1_500,
    })
  })
})

describe('a start that fails', () => {
  test.each(['rejected', 'not-supported'] as const)(
    '%s by the charger ends at once, for nothing',
    async (mode) => {
      const world = await KioskWorld.create()
      world.charger.onRemoteStart = mode
      await startSession(world, await TestWallet.create('anna'), 1_500)
      const { refusal } = world.phaseOf('offering')
      expect(refusal?.code).toBe('charger.no-start')
      // What stands beside the reason is the receipt of nothing: it frees the hold.
      expect(refusal?.answerCode).toMatch(/^OP1:/)
      expect(receiptOf(world)).toMatchObject({
        totalMinor: 0,
        stopReason: 'never-started',
        meterStartWh: 0,
        meterStopWh: 0,
      })
    },
  )

  test.each(['timeout', 'disconnected', 'forget'] as const)(
    '%s: waits a minute, then ends for nothing',
    async (mode) => {
      const world = await KioskWorld.create()
      world.charger.onRemoteStart = mode
      await startSession(world, await TestWallet.create('anna'), 1_500)
      await world.pass(59)
      expect(world.phase.kind).toBe('starting')
      await world.pass(2)
      expect(world.phaseOf('offering').refusal?.code).toBe('charger.no-start')
      expect(receiptOf(world).totalMinor).toBe(0)
    },
  )

  test('a start that comes after its receipt is refused and noted, and its energy is nobody’s', async () => {
    const world = await KioskWorld.create()
    world.charger.onRemoteStart = 'forget'
    const held = await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.pass(61)
    await world.charger.startTransaction(held.authorization.hash.slice(0, 20))
    expect(world.charger.transaction).toBeUndefined()
    expect(world.kinds()).toContain('ocpp.unknown-start')
    expect(world.phase.kind).toBe('offering')
  })

  test('unplugged before it began, it ends for nothing', async () => {
    const world = await KioskWorld.create()
    world.charger.onRemoteStart = 'forget'
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charger.unplug()
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({ stopReason: 'unplugged', totalMinor: 0 })
  })

  test('a lost StartTransaction is no bill: the stop alone proves no energy', async () => {
    const world = await KioskWorld.create()
    world.charger.onRemoteStart = 'forget'
    const held = await startSession(world, await TestWallet.create('anna'), 1_500)
    world.charger.registerWh += 9_000
    world.charger.transaction = { id: 1 as never, tag: held.authorization.hash.slice(0, 20) }
    await world.charger.stopTransaction('Local', { id: -1 })
    await world.settle()
    expect(receiptOf(world)).toMatchObject({ totalMinor: 0, stopReason: 'vehicle' })
    expect(world.kinds()).toContain('ocpp.start-lost')
  })
})

describe('what a charger may do with its transactions', () => {
  test('repeat the start: the same id again, one session', async () => {
    const world = await KioskWorld.create()
    const held = await startSession(world, await TestWallet.create('anna'), 1_500)
    const first = world.charger.transaction?.id
    await world.charger.startTransaction(held.authorization.hash.slice(0, 20))
    expect(world.charger.transaction?.id).toBe(first)
    expect(world.kinds().filter((kind) => kind === 'started')).toHaveLength(1)
  })

  test('send no tag: it means the session that waits at its connector', async () => {
    const world = await KioskWorld.create()
    world.charger.onRemoteStart = 'forget'
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charger.startTransaction('')
    expect(world.phase.kind).toBe('charging')
  })

  test('stop with transaction −1: matched by its tag', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(600, 36_000)
    await world.charger.stopTransaction('Local', { id: -1 })
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({ energyWh: 6_000 })
  })

  test('repeat the stop: acknowledged, and no second receipt', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    const id = world.charger.transaction!.id
    await world.charge(600, 36_000)
    await world.charger.stopTransaction('Local')
    await world.charger.stopTransaction('Local', { id })
    expect(world.kinds().filter((kind) => kind === 'ended')).toHaveLength(1)
    expect(world.kinds()).not.toContain('ocpp.unknown-stop')
  })

  test('run a transaction that nobody authorized: it is told to stop, and told again', async () => {
    const world = await KioskWorld.create()
    await world.charger.startTransaction('STRANGER')
    expect(world.charger.transaction).toBeUndefined()
    await world.charger.sample({}, 77 as never)
    await world.pass(31)
    await world.charger.sample({}, 77 as never)
    expect(world.charger.heard.filter((line) => line === 'stop 77')).toHaveLength(2)
    expect(world.kinds().filter((kind) => kind === 'ocpp.orphan-transaction')).toHaveLength(1)
  })

  test('lose its link in the middle: the session goes on, and the receipt has all the energy', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(300, 36_000)
    await world.charger.disconnect()
    world.charger.registerWh += 3_000
    await world.pass(300)
    expect(world.phase.kind).toBe('charging')
    await world.charger.connect()
    await world.charge(300, 36_000)
    await world.charger.stopTransaction('Local')
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({ energyWh: 9_000, totalMinor: 441 })
  })

  test('stop while its link is down, and say so when it is back', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(300, 36_000)
    await world.charger.disconnect()
    await world.charger.stopTransaction('EVDisconnected')
    await world.pass(120)
    expect(world.phase.kind).toBe('charging')
    await world.charger.connect()
    await world.settle()
    expect(world.phaseOf('finished')).toMatchObject({ energyWh: 3_000, stopReason: 'unplugged' })
  })

  test('lose its own power: unless it goes on, the session ends with the last known figures', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(300, 36_000)
    await world.charger.reboot()
    await world.charger.setStatus('Preparing')
    await world.pass(31)
    expect(world.phaseOf('finished')).toMatchObject({ energyWh: 3_000, stopReason: 'power-cut' })
  })

  test('lose its own power and go on: so does the session', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(300, 36_000)
    await world.charger.reboot()
    await world.charge(60, 36_000)
    expect(world.phaseOf('charging').energyWh).toBe(3_600)
    await world.pass(60)
    expect(world.phase.kind).toBe('charging')
  })
})

describe('what is billed when the meter misbehaves', () => {
  async function charged(): Promise<KioskWorld> {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(600, 36_000)
    return world
  }

  test('a meter that was reset: what it had counted before', async () => {
    const world = await charged()
    world.charger.registerWh = 0
    await world.charge(60, 36_000)
    await world.charger.stopTransaction('Local')
    await world.settle()
    expect(world.phaseOf('finished').energyWh).toBe(6_000)
    expect(world.kinds().filter((kind) => kind === 'meter.ran-back')).toHaveLength(1)
    expect(world.kinds()).toContain('meter.stop-below-start')
  })

  test('one wild reading: nothing of it', async () => {
    const world = await charged()
    await world.charger.sample({ registerWh: 9_999_999 as never })
    expect(world.phaseOf('charging').energyWh).toBe(6_000)
    await world.charge(60, 36_000)
    await world.charger.stopTransaction('Local', { meterStopWh: 8_000_000 })
    await world.settle()
    expect(world.phaseOf('finished').energyWh).toBe(6_600)
    expect(world.kinds()).toContain('meter.jumped')
  })

  test('no reading at the stop: the last known', async () => {
    const world = await charged()
    await world.charger.stopTransaction('Local', { meterStopWh: undefined })
    await world.settle()
    expect(world.phaseOf('finished').energyWh).toBe(6_000)
  })

  test('a stop that is lower than a later reading: the stop', async () => {
    const world = await charged()
    await world.charger.stopTransaction('Local', { meterStopWh: 15_000 })
    await world.settle()
    expect(world.phaseOf('finished').energyWh).toBe(5_000)
  })

  test('buffered readings that come late: they change nothing', async () => {
    const world = await charged()
    const nowS = world.time.nowS()
    const past = { receivedAtS: nowS, reportedAtS: epochSeconds(nowS - 300), plausible: true }
    await world.charger.sample({ time: past, registerWh: 13_000 as never })
    expect(world.phaseOf('charging').energyWh).toBe(6_000)
    expect(world.kinds()).not.toContain('meter.ran-back')
  })

  test('no energy at all: nothing, whatever the tariff asks for the session', async () => {
    const tariff = { ...storyTariff, perSession: 10_000, timePerMinute: 1_000 }
    const world = await KioskWorld.create({ policy: { tariff } })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.pass(600)
    await world.charger.stopTransaction('Local')
    await world.settle()
    expect(receiptOf(world)).toMatchObject({
      totalMinor: 0,
      chargingS: 0,
      lines: { sessionMinor: 0, timeMinor: 0 },
    })
  })

  test('a silent meter is asked, once, and the session goes on', async () => {
    const world = await charged()
    await world.pass(120)
    expect(world.charger.heard.filter((line) => line === 'trigger MeterValues')).toHaveLength(1)
    expect(world.kinds().filter((kind) => kind === 'meter.stale')).toHaveLength(1)
    expect(world.phase.kind).toBe('charging')
  })
})

describe('what time is billed', () => {
  const tariff = {
    ...storyTariff,
    energyPerKwh: 0,
    timePerMinute: 1_000,
    idlePerMinute: 5_000,
    idleGraceMinutes: 5,
  }

  test('time with power; a pause that the vehicle makes is free once energy flows again', async () => {
    const world = await KioskWorld.create({ policy: { tariff } })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(600, 36_000)
    await world.charger.setStatus('SuspendedEV')
    await world.pass(600)
    await world.charger.setStatus('Charging')
    await world.charge(600, 36_000)
    await world.charger.stopTransaction('Local')
    await world.settle()
    // 20 minutes at 0.10; the first interval after the pause proves at most a minute.
    const { chargingS, idleS, lines } = receiptOf(world)
    expect(idleS).toBe(0)
    expect(chargingS).toBeGreaterThanOrEqual(1_200)
    expect(chargingS).toBeLessThanOrEqual(1_260)
    expect(lines.timeMinor).toBeLessThanOrEqual(210)
  })

  test('time after a full battery counts as idle from the end of the grace', async () => {
    const world = await KioskWorld.create({ policy: { tariff } })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(600, 36_000)
    await world.charger.setStatus('SuspendedEV')
    await world.pass(900)
    await world.charger.unplug()
    await world.settle()
    // 15 minutes idle, 5 of them free: 10 × 0.50; 10 minutes with power: 10 × 0.10.
    expect(receiptOf(world)).toMatchObject({
      chargingS: 600,
      idleS: 900,
      totalMinor: 600,
      lines: { timeMinor: 100, idleMinor: 500 },
    })
  })

  test('time in which the charger holds the power back is free', async () => {
    const world = await KioskWorld.create({ policy: { tariff } })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(600, 36_000)
    await world.charger.setStatus('SuspendedEVSE')
    await world.pass(3_600)
    await world.charger.unplug()
    await world.settle()
    expect(receiptOf(world)).toMatchObject({ chargingS: 600, idleS: 0, totalMinor: 100 })
  })
})

describe('the clock', () => {
  test('set back to 1970 it lets no grant that has expired be used again, and a running session is billed by the timer', async () => {
    const world = await KioskWorld.create()
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(300, 36_000)
    world.time.wallOffsetS = -storyTimeS
    await world.charge(300, 36_000)
    await world.charger.stopTransaction('Local')
    await world.settle()
    expect(receiptOf(world)).toMatchObject({ clockQuality: 'unknown', totalMinor: 294 })
    expect(receiptOf(world).startS).toBeGreaterThanOrEqual(storyTimeS)
    expect(world.kinds()).toContain('clock.jump')
    await world.charger.unplug()
    await world.charger.plug()
    await world.settle()
    const late = await TestWallet.create('berta', { notAfterS: epochSeconds(storyTimeS - 1) })
    const outcome = await world.controller.handleScan(1, (await late.authorize(world.offer(), 1_000)).text)
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'grant.expired' } })
  })
})
