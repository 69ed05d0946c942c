/** What a site CSMS hears of sessions while it is there, while it is away, and after it has come back. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectorId, idTag } from '@/charger-kiosk/ocpp/ids'
import { registerWh } from '@/simulator/charger/meter'
import { battery } from '@/simulator/charger/vehicle'
import type { VirtualCharger } from '@/simulator/charger/virtual-charger'
import { charger, openForwardBench, type ForwardBench } from './forward-bench'
import { SiteCsms, type Heard } from './site-csms'

const tag = idTag('0123456789abcdef0123')
const bay = connectorId(1)

const object = (value: unknown): Record<string, unknown> => value as Record<string, unknown>

describe.each(['1.6', '2.0.1'] as const)('over OCPP %s', (version) => {
  let site: SiteCsms
  let world: ForwardBench
  beforeEach(async () => {
    site = await new SiteCsms(version).start()
    world = await openForwardBench(site, version)
  })
  afterEach(async () => {
    await world.close()
    await site.kill()
  })

  const start = version === '1.6' ? 'StartTransaction' : 'TransactionEvent'
  const ends = (): readonly Heard[] =>
    version === '1.6'
      ? site.of('StopTransaction')
      : site.of('TransactionEvent').filter(({ params }) => params['eventType'] === 'Ended')

  async function begin(car: VirtualCharger, session = tag): Promise<void> {
    const { shell } = world.bench
    const plugged = shell.ofType('status').filter(({ status }) => status === 'Preparing').length
    car.dispatch({ type: 'plug', connectorId: 1, vehicle: battery(60_000, 20, 50_000) })
    await shell.until(
      () => shell.ofType('status').filter(({ status }) => status === 'Preparing').length > plugged,
    )
    const starts = shell.ofType('start').length
    expect((await world.commands.remoteStart({ connectorId: bay, idTag: session })).ok).toBe(true)
    await shell.until(() => shell.ofType('start').length > starts)
  }

  const readings = () => world.bench.shell.ofType('meter-values').length

  test('a session is told as it happens, by the charger’s own introduction, words and figures', async () => {
    const car = world.bench.charger({ meterStartWh: 5_000, speed: 200 })
    await world.bench.shell.until(() => world.bench.shell.ofType('configured').length === 1)
    await site.until(() => site.of('StatusNotification').length > 0)
    const [boot] = site.of('BootNotification')
    expect(JSON.stringify(boot?.params)).toContain('Virtual 50')
    await begin(car)
    await site.until(() => site.of(start).length > 0)
    const heard = readings()
    await world.bench.shell.until(() => readings() > heard)
    car.dispatch({ type: 'unplug', connectorId: 1 })
    await site.until(() => ends().length === 1)
    await site.until(() => world.forwarder.figures()[0]?.waiting === 0)

    const stopWh = registerWh(car.state.connectors[0]!)
    expect(stopWh).toBeGreaterThan(5_000)
    if (version === '1.6') {
      expect(site.of('StartTransaction').map(({ params }) => params)).toMatchObject([
        { connectorId: 1, idTag: tag, meterStart: 5_000 },
      ])
      expect(ends()[0]?.params).toMatchObject({ transactionId: 7_001, meterStop: stopWh })
      const samples = site.of('MeterValues').filter(({ params }) => 'transactionId' in params)
      expect(samples.length).toBeGreaterThan(0)
      for (const { params } of samples) expect(params['transactionId']).toBe(7_001)
    } else {
      const events = site.of('TransactionEvent').map(({ params }) => params)
      expect(events.map(({ seqNo }) => seqNo)).toEqual(events.map((_, index) => index))
      expect(events.some((event) => 'offline' in event)).toBe(false)
      expect(object(events[0]?.['idToken'])['idToken']).toBe(tag)
    }
    expect(world.forwarder.figures()[0]).toMatchObject({ standing: 'connected', waiting: 0, setAside: 0 })
  })

  test('a CSMS that dies in a session hears all of it when it is back: in order, once, with the times of then', async () => {
    const car = world.bench.charger({ meterStartWh: 5_000, speed: 200 })
    await world.bench.shell.until(() => world.bench.shell.ofType('configured').length === 1)
    await begin(car)
    await site.until(() => site.of(start).length > 0)
    // Its answer is noted: what follows is told once.
    await site.until(() => world.forwarder.figures()[0]?.waiting === 0)
    await site.kill()
    const heard = readings()
    await world.bench.shell.until(() => readings() > heard)
    car.dispatch({ type: 'unplug', connectorId: 1 })
    await world.bench.shell.until(() => world.bench.shell.ofType('stop').length === 1)
    // A whole second session while nobody listens.
    await begin(car, idTag('fedcba9876543210fedc'))
    car.dispatch({ type: 'unplug', connectorId: 1 })
    await world.bench.shell.until(() => world.bench.shell.ofType('stop').length === 2)
    const told = world.forwarder.figures()[0]
    expect(told?.waiting).toBeGreaterThanOrEqual(3)
    const backAtS = Date.now() / 1_000

    await site.start()
    await site.until(() => ends().length === 2)
    await site.until(() => world.forwarder.figures()[0]?.waiting === 0)
    const stopWh = registerWh(car.state.connectors[0]!)
    const texts = site.heard.filter(({ action }) => action !== 'StatusNotification').map(({ text }) => text)
    if (version === '1.6') {
      expect(site.of('StartTransaction')).toHaveLength(2)
      expect(ends().map(({ params }) => params['transactionId'])).toEqual([7_001, 7_002])
      expect(ends()[1]?.params).toMatchObject({ meterStop: stopWh })
      const times = site.heard
        .flatMap(({ params }) => [params['timestamp'], object(params['meterValue'])?.[0]])
        .filter((time) => typeof time === 'string')
      for (const time of times) expect(Date.parse(String(time)) / 1_000).toBeLessThan(backAtS + 1)
    } else {
      const events = site.of('TransactionEvent').map(({ params }) => params)
      const names = [
        ...new Set(events.map(({ transactionInfo }) => object(transactionInfo)['transactionId'])),
      ]
      expect(names).toHaveLength(2)
      for (const name of names) {
        const own = events.filter(({ transactionInfo }) => object(transactionInfo)['transactionId'] === name)
        // A message whose answer was lost with the link comes once more, and says so by its number.
        const numbers = own.map(({ seqNo }) => Number(seqNo))
        expect([...new Set(numbers)]).toEqual([...new Set(numbers)].map((_, index) => index))
        expect(numbers.length - new Set(numbers).size).toBeLessThanOrEqual(1)
      }
      expect(events.filter(({ offline }) => offline === true).length).toBeGreaterThanOrEqual(3)
      expect(object(events[0])['offline']).toBeUndefined()
    }
    expect(new Set(texts).size).toBeGreaterThan(4)
    expect(site.of('BootNotification').length).toBeGreaterThan(1)
    if (version === '2.0.1') expect(site.of('BootNotification').at(-1)?.params['reason']).toBe('Unknown')
  })

  test('what it refuses or never answers is tried a few times, set aside, and holds up nobody', async () => {
    site[version === '1.6' ? 'refuses' : 'ignores'].add('MeterValues').add('SecurityEventNotification')
    const car = world.bench.charger({ meterStartWh: 5_000, speed: 200 })
    await world.bench.shell.until(() => world.bench.shell.ofType('configured').length === 1)
    // A reading that belongs to no transaction, in both versions the same message.
    const nowhere =
      version === '1.6'
        ? {
            connectorId: 1,
            meterValue: [{ timestamp: '2026-01-01T00:00:00Z', sampledValue: [{ value: '1' }] }],
          }
        : { evseId: 1, meterValue: [{ timestamp: '2026-01-01T00:00:00Z', sampledValue: [{ value: 1 }] }] }
    car.sendRaw(JSON.stringify([2, 'nowhere', 'MeterValues', nowhere]))
    await begin(car)
    await site.until(() => site.of(start).length > 0)
    car.dispatch({ type: 'unplug', connectorId: 1 })
    await site.until(() => ends().length === 1)
    const own = site.of('MeterValues').filter(({ text }) => text === JSON.stringify(nowhere))
    expect(own).toHaveLength(5)
    const figures = world.forwarder.figures()[0]
    expect(figures?.setAside).toBeGreaterThanOrEqual(1)
    expect(world.outbox.aside(charger)).toContainEqual({
      action: 'MeterValues',
      payload: JSON.stringify(nowhere),
      reason: expect.stringMatching(version === '1.6' ? /not today/ : /timeout/i) as string,
    })
    expect(world.desk.incidents.some((line) => line.startsWith('forward.set-aside'))).toBe(true)
  })

  test('a charger of the other version is not translated: nothing is told, and health says why', async () => {
    await world.close()
    const other = version === '1.6' ? '2.0.1' : '1.6'
    const elsewhere = await new SiteCsms(other).start()
    world = await openForwardBench(elsewhere, version, { version: other })
    world.bench.charger()
    await world.bench.shell.until(() => world.bench.shell.ofType('configured').length === 1)
    expect(world.forwarder.figures()[0]?.standing).toBe('wrong-version')
    expect(world.desk.incidents[0]).toContain('forward.wrong-version')
    expect(elsewhere.heard).toEqual([])
    await elsewhere.kill()
  })
})

test('1.6: a stop that lost its number is told by its tag, and a late answer to the start is waited for', async () => {
  const site = await new SiteCsms('1.6').start()
  const world = await openForwardBench(site, '1.6')
  try {
    let release = (): void => undefined
    site.startsHeldBack = new Promise((resolve) => (release = resolve))
    const car = world.bench.charger({ meterStartWh: 100, speed: 100 })
    await world.bench.shell.until(() => world.bench.shell.ofType('configured').length === 1)
    car.sendRaw(
      JSON.stringify([
        2,
        's',
        'StartTransaction',
        { connectorId: 1, idTag: tag, meterStart: 100, timestamp: '2026-05-05T10:00:00Z' },
      ]),
    )
    await site.until(() => site.of('StartTransaction').length === 1)
    car.sendRaw(
      JSON.stringify([
        2,
        'e',
        'StopTransaction',
        { transactionId: -1, idTag: tag, meterStop: 900, timestamp: '2026-05-05T11:00:00Z' },
      ]),
    )
    await world.bench.shell.until(() => world.bench.shell.ofType('stop').length === 1)
    expect(site.of('StopTransaction')).toEqual([])
    release()
    await site.until(() => site.of('StopTransaction').length === 1)
    expect(site.of('StopTransaction')[0]?.params).toMatchObject({ transactionId: 7_001, meterStop: 900 })
  } finally {
    await world.close()
    await site.kill()
  }
})

test('an outage is told at a bounded rate, and how things stand now goes in between', async () => {
  const site = await new SiteCsms('1.6').start()
  await site.kill()
  const world = await openForwardBench(site, '1.6', { backfillPerSecond: 40 })
  try {
    const car = world.bench.charger()
    await world.bench.shell.until(() => world.bench.shell.ofType('configured').length === 1)
    for (let n = 0; n < 40; n += 1) {
      const meterValue = [
        { timestamp: new Date(n * 1_000).toISOString(), sampledValue: [{ value: String(n) }] },
      ]
      car.sendRaw(JSON.stringify([2, `n${n}`, 'MeterValues', { connectorId: 1, meterValue }]))
    }
    await site.until(() => (world.forwarder.figures()[0]?.waiting ?? 0) >= 40)
    await site.start()
    await site.until(() => site.of('MeterValues').length >= 10)
    car.dispatch({ type: 'plug', connectorId: 1, vehicle: battery(60_000, 20, 50_000) })
    await site.until(() =>
      site.of('StatusNotification').some(({ params }) => params['status'] === 'Preparing'),
    )
    expect(site.of('MeterValues').length).toBeLessThan(35)
    await site.until(() => world.forwarder.figures()[0]?.waiting === 0)
    const values = site.of('MeterValues')
    const tookMs = (values.at(-1)?.atMs ?? 0) - (values[0]?.atMs ?? 0)
    // 40 in a second: a timer may be a little early, never twice as fast.
    expect(tookMs).toBeGreaterThan(((values.length - 1) / 40) * 1_000 * 0.8)
  } finally {
    await world.close()
    await site.kill()
  }
})

const startOf = (meterStart: number) => ({
  connectorId: 1,
  idTag: tag,
  meterStart,
  timestamp: '2026-05-05T10:00:00Z',
})

async function wholeSession(world: ForwardBench): Promise<void> {
  const car = world.bench.charger()
  const { shell } = world.bench
  world.outbox.noteTag(charger, tag)
  await shell.until(() => shell.ofType('configured').length === 1)
  car.sendRaw(JSON.stringify([2, 's', 'StartTransaction', startOf(100)]))
  await shell.until(() => shell.ofType('start').length === 1)
  const meterValue = [{ timestamp: '2026-05-05T10:30:00Z', sampledValue: [{ value: '500' }] }]
  car.sendRaw(JSON.stringify([2, 'm', 'MeterValues', { connectorId: 1, transactionId: 1, meterValue }]))
  const stop = { transactionId: 1, idTag: tag, meterStop: 900, timestamp: '2026-05-05T11:00:00Z' }
  car.sendRaw(JSON.stringify([2, 'e', 'StopTransaction', stop]))
}

const readingOfSession = (site: SiteCsms) =>
  site.of('MeterValues').find(({ text }) => text.includes('2026-05-05T10:30:00Z'))?.params

test('1.6: a start whose answers were lost is told again to the last byte, and the number that came counts', async () => {
  const site = await new SiteCsms('1.6').start()
  const world = await openForwardBench(site, '1.6')
  try {
    site.ignores.add('StartTransaction')
    await wholeSession(world)
    await site.until(() => site.of('StartTransaction').length === 2)
    site.ignores.clear()
    await site.until(() => site.of('StopTransaction').length === 1)
    expect(new Set(site.of('StartTransaction').map(({ text }) => text))).toEqual(
      new Set([JSON.stringify(startOf(100))]),
    )
    expect(site.of('StopTransaction')[0]?.params['transactionId']).toBe(7_001)
    expect(readingOfSession(site)?.['transactionId']).toBe(7_001)
  } finally {
    await world.close()
    await site.kill()
  }
})

test('1.6: of a start that the site never took, readings name no transaction and the stop says −1', async () => {
  const site = await new SiteCsms('1.6').start()
  const world = await openForwardBench(site, '1.6')
  try {
    site.refuses.add('StartTransaction')
    await wholeSession(world)
    await site.until(() => site.of('StopTransaction').length === 1)
    expect(site.of('StartTransaction')).toHaveLength(5)
    expect(site.of('StopTransaction')[0]?.params).toMatchObject({ transactionId: -1, meterStop: 900 })
    expect(readingOfSession(site)).toBeDefined()
    expect(readingOfSession(site)).not.toHaveProperty('transactionId')
    // Nothing of ours is called 7001 now, so nothing can be stopped by that name.
    expect(await site.command('RemoteStopTransaction', { transactionId: 7_001 })).toEqual({
      status: 'Rejected',
    })
  } finally {
    await world.close()
    await site.kill()
  }
})
