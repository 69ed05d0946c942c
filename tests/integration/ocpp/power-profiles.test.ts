/**
 * Profiles on a real socket, from a whole controller to a charger that obeys them by its own clock: what holds its current
 * down needs nobody. Time is virtual, so that minutes without a controller pass at once.
 */

import { afterEach, describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { durationMs } from '@/lib/core/units'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { offer } from '@/lib/protocol/messages/offer'
import { BayMap } from '@/charger-kiosk/controller/bays'
import type { ControllerOptions } from '@/charger-kiosk/controller/ports'
import { startCentralSystem } from '@/charger-kiosk/ocpp/central-system'
import { amperes, chargePointIdentity } from '@/charger-kiosk/ocpp/ids'
import type { CentralSystem } from '@/charger-kiosk/ocpp/port'
import { safeLimits } from '@/charger-kiosk/safety/safety-limits'
import { standardSettings } from '@/charger-kiosk/session/machine-settings'
import type { OcppVersion } from '@/simulator/charger/socket-link'
import type { Faults } from '@/simulator/charger/state'
import { battery } from '@/simulator/charger/vehicle'
import { VirtualCharger } from '@/simulator/charger/virtual-charger'
import { VirtualTime } from '@/simulator/charger/virtual-time'
import { KioskWorld, TestWallet } from '@/tests/fixtures/kiosk-world'
import { storyTimeS } from '@/tests/fixtures/messages'

const identity = chargePointIdentity('CP-V')
const fullW = 50_000
const safeDefaultA = amperes(6)
/** Three phases of 230 V. */
const wattsAt = (currentA: number): number => currentA * 690
const lifeS = 180

interface Stand {
  readonly charger: VirtualCharger
  readonly world: KioskWorld
  readonly time: VirtualTime
  readonly facts: readonly unknown[]
  power(): number
  purposes(): readonly string[]
  pass(seconds: number): Promise<void>
  /** Nobody is there any more. */
  die(): Promise<void>
}

const open: Stand[] = []
afterEach(async () => {
  for (const stand of open.splice(0)) {
    stand.charger.stop()
    await stand.die()
  }
})

async function openStand(
  version: OcppVersion,
  controller: Partial<ControllerOptions> = { power: { safeDefaultA } },
  profiles: Faults['profiles'] = 'obey',
): Promise<Stand> {
  const time = new VirtualTime(storyTimeS)
  const facts: unknown[] = []
  const server: { system?: CentralSystem } = {}
  const world = await KioskWorld.create({
    bays: BayMap.ofOne(identity, 1),
    controller,
    ports: {
      clock: time.clock,
      timers: time.timers,
      charger: (one) => server.system?.charger(one),
      log: (what, told) => what === 'charger-profiles' && facts.push(told),
    },
  })
  const settings = { port: 0, chargers: [{ identity }], pingIntervalMs: durationMs(0) }
  const system = expectOk(await startCentralSystem(settings, world.controller.handlers, time), 'a free port')
  server.system = system
  const url = `ws://127.0.0.1:${system.port}/ocpp`
  const charger = new VirtualCharger({ url, identity, version, settings: { maxPowerW: fullW } }, time)
  charger.dispatch({ type: 'set-faults', faults: { profiles } })
  charger.start()
  const unwatch = time.watch(() => charger.isQuiet && system.isQuiet() && world.controller.isIdle())
  let isDead = false
  const stand: Stand = {
    charger,
    world,
    time,
    facts,
    power: () => charger.state.connectors[0]?.powerW ?? 0,
    purposes: () => charger.state.profiles.map(({ purpose }) => purpose).sort(),
    pass: (seconds) => time.advance(seconds * 1_000),
    async die() {
      if (isDead) return
      isDead = true
      unwatch()
      await world.controller.stop()
      await system.close()
    },
  }
  open.push(stand)
  await stand.pass(5)
  return stand
}

async function charge(stand: Stand): Promise<void> {
  const { charger, world } = stand
  charger.dispatch({ type: 'plug', connectorId: 1, vehicle: battery(90_000, 5, fullW) })
  await stand.pass(1)
  const [bytes] = expectOk(envelopeFromText(world.phaseOf('offering').offerCode), 'a code').parts
  const offered = expectOk(parseMessage(offer, bytes ?? new Uint8Array()), 'an offer')
  const held = await (await TestWallet.create('anna')).authorize(offered, 1_500)
  expect(await world.controller.handleScan(1, held.text)).toMatchObject({ kind: 'accepted' })
  await stand.pass(2)
  expect(world.phase.kind).toBe('charging')
}

describe.each(['1.6', '2.0.1'] as const)('a charger of %s', (version) => {
  test('charges fully while the controller lives, and falls to its safe default by itself when nobody does', async () => {
    const stand = await openStand(version)
    expect(stand.purposes()).toEqual(['TxDefaultProfile'])
    await charge(stand)
    expect(stand.power()).toBe(fullW)
    // Far beyond the life of one profile.
    await stand.pass(600)
    expect(stand.power()).toBe(fullW)
    await stand.die()
    await stand.pass(lifeS / 2)
    expect(stand.power()).toBe(fullW)
    await stand.pass(lifeS / 2)
    expect(stand.power()).toBe(wattsAt(safeDefaultA))
  })

  test('gets its current back when its link does, without a restart', async () => {
    const stand = await openStand(version)
    await charge(stand)
    stand.charger.dropLink(400_000)
    await stand.pass(300)
    expect(stand.power()).toBe(wattsAt(safeDefaultA))
    await stand.pass(110)
    expect(stand.power()).toBe(fullW)
  })

  test('keeps nothing of a session that has ended', async () => {
    const stand = await openStand(version)
    await charge(stand)
    expect(stand.purposes()).toEqual(['TxDefaultProfile', 'TxProfile'])
    stand.charger.dispatch({ type: 'unplug', connectorId: 1 })
    await stand.pass(2)
    expect(stand.world.phase.kind).toBe('finished')
    expect(stand.purposes()).toEqual(['TxDefaultProfile'])
  })

  test('is held to its own maximum, and a bay to its cap, whatever the session may', async () => {
    const power = { safeDefaultA, stationMaxA: new Map([[identity, amperes(32)]]) }
    const capped = { ...standardSettings, safety: { ...safeLimits, currentMaxMa: 20_000 } }
    const atStation = await openStand(version, { power })
    await charge(atStation)
    expect(atStation.power()).toBe(wattsAt(32))
    const atBay = await openStand(version, { power, machine: capped })
    await charge(atBay)
    expect(atBay.power()).toBe(wattsAt(20))
  })

  test('that knows no profiles is noted as such and charges at its own limit', async () => {
    // 2.0.1 has no word for it but no.
    const [says, noted] =
      version === '1.6' ? (['NotSupported', 'not-supported'] as const) : (['Rejected', 'rejected'] as const)
    const stand = await openStand(version, {}, says)
    expect(stand.facts).toEqual([])
    await stand.die()
    const other = await openStand(version, { power: { safeDefaultA } }, says)
    expect(other.facts).toEqual([{ identity, default: noted }])
    await charge(other)
    expect(other.power()).toBe(fullW)
    expect(other.world.kinds()).toEqual(['boot', 'accepted', 'started'])
  })

  test('that takes the default and no profile of a session is freed of the default again', async () => {
    const stand = await openStand(version)
    stand.charger.dispatch({ type: 'set-faults', faults: { profiles: 'Rejected' } })
    await charge(stand)
    expect(stand.power()).toBe(wattsAt(safeDefaultA))
    await stand.pass(20)
    expect(stand.facts.at(-1)).toEqual({ identity, session: 'rejected' })
    expect(stand.purposes()).toEqual([])
    // Its own limit holds from its next reading on.
    await stand.pass(10)
    expect(stand.power()).toBe(fullW)
  })
})

test('Where policy says so, a charger without its controller gives no power at all', async () => {
  const stand = await openStand('1.6', { power: { safeDefaultA: amperes(0) } })
  await charge(stand)
  expect(stand.power()).toBe(fullW)
  await stand.die()
  await stand.pass(lifeS)
  expect(stand.power()).toBe(0)
})
