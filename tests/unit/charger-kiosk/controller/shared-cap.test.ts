/** Two bays of one charger under one cap: what each is told follows the weights of the policy's classes. */

import { describe, expect, test } from 'vitest'
import { err, expectOk } from '@/lib/core/result'
import { minorUnits, seconds, wattHours } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import type { Grant } from '@/lib/protocol/messages/grant'
import { amperes, connectorId, transactionId } from '@/charger-kiosk/ocpp/ids'
import type { PowerSettings } from '@/charger-kiosk/controller/power-keeper'
import type { ChargerCommands, ConnectorStatus } from '@/charger-kiosk/ocpp/port'
import { twinIdentity as identity } from '@/simulator/charger/charger-twin'
import { KioskWorld, TestWallet } from '@/tests/fixtures/kiosk-world'

const classes = [{ vehicleClass: 3, powerMaxW: 0, weight: 3, durationMaxS: seconds(0), energyMaxWh: 0 }]
const bus: Partial<Grant> = {
  fleetRules: { fleet: 9, vehicleClass: 3, dailyLimitMinor: minorUnits(0), fromMinute: 0, toMinute: 0 },
}

class TwoBays {
  readonly told = new Map<number, number>()
  /** What it was told for all bays alike; undefined: cleared. */
  readonly defaults: (number | undefined)[] = []
  world!: KioskWorld

  readonly #takesSessions: boolean

  private constructor(takesSessions: boolean) {
    this.#takesSessions = takesSessions
  }

  static async open(takesSessions = true, settings: PowerSettings = {}): Promise<TwoBays> {
    const two = new TwoBays(takesSessions)
    const power = { stationMaxA: new Map([[identity, amperes(40)]]), ...settings }
    two.world = await KioskWorld.create({
      connectorIds: [1, 2],
      policy: { classes },
      controller: { power },
      ports: { charger: () => two.#commands() },
    })
    return two
  }

  #commands(): ChargerCommands {
    const done = () => Promise.resolve({ ok: true as const, value: undefined })
    return {
      isConnected: () => true,
      remoteStart: done,
      remoteStop: done,
      unlock: done,
      changeConfiguration: () => Promise.resolve({ ok: true, value: 'accepted' }),
      trigger: done,
      clearProfile: (which) => {
        if (which === 'tx-default') this.defaults.push(undefined)
        return done()
      },
      readMeter: done,
      changeAvailability: done,
      setProfile: (profile) => {
        if (profile.purpose === 'tx-default') this.defaults.push(profile.limitA)
        if (profile.purpose !== 'tx') return done()
        if (!this.#takesSessions) return Promise.resolve(err({ code: 'not-supported', detail: '' }))
        this.told.set(profile.connectorId, profile.limitA)
        return done()
      },
    }
  }

  async status(bay: number, status: ConnectorStatus): Promise<void> {
    await this.world.controller.handlers.onEvent({
      type: 'status',
      identity,
      connectorId: connectorId(bay),
      evseConnector: undefined,
      status,
      errorCode: 'NoError',
      info: undefined,
      vendorErrorCode: undefined,
      time: this.world.charger.time(),
    })
    await this.world.settle()
  }

  async start(bay: number, name: string, changes: Partial<Grant> = {}): Promise<void> {
    const { controller, charger } = this.world
    await this.status(bay, 'Preparing')
    const phase = controller.screenState().connectors[bay - 1]?.phase
    if (phase?.kind !== 'offering') throw new Error(`Bay ${bay} is ${phase?.kind ?? 'nowhere'}`)
    const envelope = expectOk(envelopeFromText(phase.offerCode), 'a code')
    const offered = expectOk(parseMessage(offer, envelope.parts[0] ?? new Uint8Array()), 'an offer')
    const held = await (await TestWallet.create(name, changes)).authorize(offered, 1_000)
    expect(await controller.handleScan(bay, held.text)).toMatchObject({ kind: 'accepted' })
    await controller.handlers.onStartTransaction({
      identity,
      connectorId: connectorId(bay),
      idTag: held.authorization.hash.slice(0, 20),
      meterStartWh: wattHours(0),
      time: charger.time(),
      transactionId: transactionId(bay),
      raw: {},
    })
    await this.status(bay, 'Charging')
    await this.world.pass(1)
  }
}

test('the first has the cap alone, the second lowers it by weight, and who is full leaves the rest to the other', async () => {
  const two = await TwoBays.open()
  await two.start(1, 'anna')
  expect([...two.told]).toEqual([])
  await two.start(2, 'bus', bus)
  expect([...two.told].sort()).toEqual([
    [1, 10],
    [2, 30],
  ])
  await two.status(2, 'SuspendedEV')
  await two.world.pass(1)
  expect([...two.told].sort()).toEqual([
    [1, 34],
    [2, 6],
  ])
})

test('what was told because another charged is lifted when it has gone', async () => {
  const two = await TwoBays.open()
  await two.start(1, 'anna')
  await two.start(2, 'berta')
  expect(two.told.get(1)).toBe(20)
  await two.status(2, 'Available')
  await two.world.pass(120)
  expect(two.told.get(1)).toBeGreaterThanOrEqual(40)
})

describe('a charger that takes a default and no profile of a session', () => {
  const safe = { safeDefaultA: amperes(6) }

  async function charging(settings: PowerSettings): Promise<TwoBays> {
    const two = await TwoBays.open(false, settings)
    const atS = two.world.time.nowS()
    await two.world.controller.handlers.onEvent({ type: 'configured', identity, atS, outcomes: {} })
    await two.world.settle()
    await two.start(1, 'anna')
    return two
  }

  test('keeps no default that nothing could lift', async () => {
    const two = await charging({ ...safe, stationMaxA: new Map() })
    expect(two.defaults).toEqual([6, undefined])
  })

  test('is told by its default what caps its sessions, as they come and go', async () => {
    const two = await charging(safe)
    await two.start(2, 'berta')
    expect(two.defaults).toEqual([6, undefined, 20])
    await two.status(1, 'Available')
    await two.world.pass(120)
    expect(two.defaults).toEqual([6, undefined, 20, undefined])
  })

  test('is not asked again and again', async () => {
    const two = await charging(safe)
    await two.world.pass(600)
    expect(two.defaults).toEqual([6, undefined])
  })
})
