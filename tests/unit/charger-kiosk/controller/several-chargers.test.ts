/** One controller with two OCPP chargers: what one of them says is no news for the bays of the other. */

import { describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { wattHours } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { BayMap } from '@/charger-kiosk/controller/bays'
import {
  chargePointIdentity,
  connectorId,
  transactionId,
  type ChargePointIdentity,
} from '@/charger-kiosk/ocpp/ids'
import type { ConnectorStatus, ChargerCommands } from '@/charger-kiosk/ocpp/port'
import { KioskWorld, TestWallet } from '@/tests/fixtures/kiosk-world'

const a = chargePointIdentity('CP-A')
const b = chargePointIdentity('CP-B')
/** Bay 1 at A; bays 2 and 3 are the two connectors of B's second EVSE. */
const bays = expectOk(
  BayMap.of([
    { bay: 1, identity: a, evseId: 1, connectorId: 1 },
    { bay: 2, identity: b, evseId: 2, connectorId: 1 },
    { bay: 3, identity: b, evseId: 2, connectorId: 2 },
  ]),
  'three bays',
)

class Site {
  readonly world: KioskWorld
  readonly told: string[]

  private constructor(world: KioskWorld, told: string[]) {
    this.world = world
    this.told = told
  }

  static async open(): Promise<Site> {
    const told: string[] = []
    const world = await KioskWorld.create({
      bays,
      ports: { charger: (identity) => commandsOf(identity, told) },
    })
    const site = new Site(world, told)
    for (const identity of [a, b]) await site.link(identity, true)
    return site
  }

  get phases(): readonly string[] {
    return this.world.controller.screenState().connectors.map(({ phase }) => phase.kind)
  }

  async link(identity: ChargePointIdentity, isUp: boolean): Promise<void> {
    const type = isUp ? 'connected' : 'disconnected'
    await this.world.controller.handlers.onEvent({ type, identity, atS: this.world.time.nowS() })
  }

  async status(
    identity: ChargePointIdentity,
    evse: number,
    status: ConnectorStatus,
    evseConnector?: number,
  ): Promise<void> {
    await this.world.controller.handlers.onEvent({
      type: 'status',
      identity,
      connectorId: connectorId(evse),
      evseConnector,
      status,
      errorCode: 'NoError',
      info: undefined,
      vendorErrorCode: undefined,
      time: this.world.charger.time(),
    })
    await this.world.settle()
  }

  /** The wallet's tag is what its charger starts with; the id is the charger's own. */
  async start(bay: number, name: string, id: number): Promise<string> {
    const { controller } = this.world
    const phase = controller.screenState().connectors[bay - 1]?.phase
    if (phase?.kind !== 'offering') throw new Error(`Bay ${bay} is ${phase?.kind ?? 'nowhere'}`)
    const envelope = expectOk(envelopeFromText(phase.offerCode), 'a code')
    const offered = expectOk(parseMessage(offer, envelope.parts[0] ?? new Uint8Array()), 'an offer')
    expect(offered.payload.connectorId).toBe(bay)
    const held = await (await TestWallet.create(name)).authorize(offered, 1_000)
    expect(await controller.handleScan(bay, held.text)).toMatchObject({ kind: 'accepted' })
    await this.world.settle()
    const idTag = held.authorization.hash.slice(0, 20)
    const { identity, evseId } = this.#address(bay)
    const answer = await controller.handlers.onStartTransaction({
      identity,
      connectorId: connectorId(evseId),
      idTag,
      meterStartWh: wattHours(1_000 * bay),
      time: this.world.charger.time(),
      transactionId: transactionId(id),
      raw: {},
    })
    expect(answer).toEqual({ transactionId: id, status: 'Accepted' })
    return idTag
  }

  async read(
    identity: ChargePointIdentity,
    id: number | undefined,
    registerWh: number,
    evse = 0,
  ): Promise<void> {
    await this.world.controller.handlers.onEvent({
      type: 'meter-values',
      identity,
      connectorId: connectorId(evse),
      transactionId: id === undefined ? undefined : transactionId(id),
      samples: [this.world.charger.reading({ registerWh: wattHours(registerWh) })],
      raw: {},
    })
    await this.world.settle()
  }

  async stop(identity: ChargePointIdentity, id: number | undefined, meterStopWh: number): Promise<void> {
    await this.world.controller.handlers.onStopTransaction({
      identity,
      transactionId: id === undefined ? undefined : transactionId(id),
      meterStopWh: wattHours(meterStopWh),
      time: this.world.charger.time(),
      reason: 'Local',
      idTag: undefined,
      samples: [],
      raw: {},
    })
    await this.world.settle()
  }

  #address(bay: number) {
    const address = bays.addressOf(bay)
    if (address === undefined) throw new Error('No such bay')
    return address
  }
}

const commandsOf = (identity: ChargePointIdentity, told: string[]): ChargerCommands => {
  const tell = (what: string) => {
    told.push(`${identity} ${what}`)
    return Promise.resolve({ ok: true as const, value: undefined })
  }
  return {
    isConnected: () => true,
    remoteStart: (request) => tell(`start ${request.connectorId}`),
    remoteStop: (id) => tell(`stop ${id}`),
    unlock: () => tell('unlock'),
    changeConfiguration: () => Promise.resolve({ ok: true, value: 'accepted' }),
    trigger: (message, evse) => tell(`trigger ${message} ${evse ?? ''}`),
    setProfile: ({ purpose }) => tell(`profile ${purpose}`),
    clearProfile: () => tell('clear profile'),
    readMeter: () => tell('read meter'),
    changeAvailability: (evse, isOperative) => tell(`availability ${evse} ${isOperative}`),
  }
}

async function bothCharging(): Promise<Site> {
  const site = await Site.open()
  await site.status(a, 1, 'Preparing')
  await site.status(b, 2, 'Preparing', 1)
  await site.start(1, 'anna', 7)
  await site.start(2, 'berta', 7)
  return site
}

describe('two chargers on one controller', () => {
  test('are told apart when both call their transaction 7: readings and stops go to their own bay', async () => {
    const site = await bothCharging()
    expect(site.phases).toEqual(['charging', 'charging', 'unavailable'])
    expect(site.told.filter((what) => what.includes('start'))).toEqual(['CP-A start 1', 'CP-B start 2'])
    await site.read(b, 7, 2_600)
    await site.stop(a, 7, 1_400)
    expect(site.phases).toEqual(['finished', 'charging', 'unavailable'])
    await site.stop(b, 7, 2_900)
    const ended = site.world.events().flatMap((event) => (event.kind === 'ended' ? [event] : []))
    expect(ended).toHaveLength(2)
    const registers = site.world.controller
      .screenState()
      .connectors.flatMap(({ phase }) => (phase.kind === 'finished' ? [phase.energyWh] : []))
    expect(registers).toEqual([400, 900])
  })

  test('do not share a link, a boot or a status', async () => {
    const site = await bothCharging()
    await site.link(a, false)
    await site.world.controller.handlers.onEvent({
      type: 'booted',
      identity: a,
      atS: site.world.time.nowS(),
      vendor: '',
      model: '',
      firmware: undefined,
      serialNumber: undefined,
    })
    await site.status(a, 1, 'Faulted')
    expect(site.phases[1]).toBe('charging')
    await site.status(a, 2, 'Available')
    expect(site.phases[1]).toBe('charging')
    expect(site.world.kinds().filter((kind) => kind === 'stopping')).toHaveLength(1)
  })

  test('do not lend each other tags: one that starts with the other’s tag gets no session', async () => {
    const site = await Site.open()
    await site.status(a, 1, 'Preparing')
    const tag = await site.start(1, 'anna', 7)
    const handlers = site.world.controller.handlers
    const authorize = (identity: ChargePointIdentity) =>
      handlers.onAuthorize({ identity, idTag: tag, receivedAtS: site.world.time.nowS() })
    expect(await authorize(a)).toEqual({ status: 'Accepted' })
    expect(await authorize(b)).toEqual({ status: 'Unknown' })
    const stolen = await handlers.onStartTransaction({
      identity: b,
      connectorId: connectorId(2),
      idTag: tag,
      meterStartWh: wattHours(0),
      time: site.world.charger.time(),
      raw: {},
    })
    expect(stolen.status).toBe('Invalid')
    expect(site.world.kinds()).toContain('ocpp.unknown-start')
  })

  test('are told to stop what is not theirs: an orphan is stopped at its own charger', async () => {
    const site = await bothCharging()
    await site.read(b, 8, 5_000)
    expect(site.told.at(-1)).toBe('CP-B stop 8')
    // An end without id, tag or name can only be the one session of that charger.
    await site.stop(b, undefined, 2_100)
    expect(site.phases).toEqual(['charging', 'finished', 'unavailable'])
  })
})

describe('an EVSE with two connectors', () => {
  test('makes its offer at the connector that has the cable, and what names no connector belongs to its session', async () => {
    const site = await Site.open()
    await site.status(b, 2, 'Unavailable', 1)
    await site.status(b, 2, 'Preparing', 2)
    expect(site.phases).toEqual(['unavailable', 'unavailable', 'offering'])
    await site.start(3, 'cora', 9)
    await site.read(b, undefined, 3_250, 2)
    const phase = site.world.controller.screenState().connectors[2]?.phase
    expect(phase).toMatchObject({ kind: 'charging', energyWh: 250 })
  })
})

describe('connector 0, the charger as a whole', () => {
  test('closes idle bays of that charger while it is out of service, and ends no session', async () => {
    const site = await Site.open()
    await site.status(a, 1, 'Preparing')
    await site.status(b, 2, 'Preparing', 1)
    await site.start(2, 'berta', 7)
    await site.status(b, 0, 'Faulted')
    await site.status(b, 2, 'Preparing', 2)
    expect(site.phases).toEqual(['offering', 'charging', 'unavailable'])
    await site.status(b, 0, 'Available')
    expect(site.phases).toEqual(['offering', 'charging', 'offering'])
  })

  test('bills nobody with its readings', async () => {
    const site = await bothCharging()
    await site.read(a, undefined, 999_999, 0)
    const phase = site.world.controller.screenState().connectors[0]?.phase
    expect(phase).toMatchObject({ kind: 'charging', energyWh: 0 })
  })
})
