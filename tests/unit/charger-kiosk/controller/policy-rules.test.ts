import { describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, minorUnits, seconds } from '@/lib/core/units'
import { envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import type { FleetRules } from '@/lib/protocol/messages/grant'
import type { Policy } from '@/lib/protocol/messages/policy'
import type { PolicyRule } from '@/lib/protocol/messages/policy-terms'
import { amperes } from '@/charger-kiosk/ocpp/ids'
import { printedCard } from '@/tests/fixtures/kiosk-issuer'
import { KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { storyTimeS } from '@/tests/fixtures/messages'
import { twinIdentity } from '@/simulator/charger/charger-twin'

const german = { language: 'de' as const, text: 'Nur für Busse.' }
const english = { language: 'en' as const, text: 'Buses only.' }
const rule = (when: string, effect: Partial<PolicyRule>, name = 'a-rule'): PolicyRule => ({
  name,
  when,
  ...effect,
})
const busesOnly = rule('fleet == 0', { decline: [english, german] }, 'buses')
const bus: FleetRules = {
  fleet: 9,
  vehicleClass: 3,
  dailyLimitMinor: minorUnits(0),
  fromMinute: 0,
  toMinute: 0,
}

async function withPolicy(policy: Partial<Policy>, options: Parameters<typeof KioskWorld.create>[0] = {}) {
  const world = await KioskWorld.create({ policy, ...options })
  await world.charger.plug()
  await world.settle()
  return world
}

async function scan(
  world: KioskWorld,
  holdMinor: number,
  changes: Parameters<typeof TestWallet.create>[1] = {},
) {
  const { text } = await (await TestWallet.create('anna', changes)).authorize(world.offer(), holdMinor)
  const outcome = await world.controller.handleScan(1, text)
  await world.settle()
  return outcome
}

const failed = (world: KioskWorld): readonly string[] =>
  world
    .events()
    .flatMap((event) =>
      event.kind === 'incident' && event.what === 'policy.rule-failed' ? [event.detail] : [],
    )

describe('a rule', () => {
  test('declines with its own code and the operator’s words, signed and pinned', async () => {
    const world = await withPolicy({ rules: [busesOnly] })
    const outcome = await scan(world, 1_000)
    if (outcome.kind !== 'refused' || outcome.answer === undefined) throw new Error('No signed decline')
    expect(outcome.refusal).toEqual({
      code: 'rule.declined',
      facts: { rule: 'buses', 'words-en': 'Buses only.', 'words-de': 'Nur für Busse.' },
    })
    expect(expectOk(parseMessage(answer, outcome.answer), 'an answer').payload.verdict).toBe('rule.declined')
    expect(world.phaseOf('offering').refusal).toMatchObject({ facts: { 'words-de': 'Nur für Busse.' } })
  })

  test('lets those through to whom it does not apply', async () => {
    const world = await withPolicy({ rules: [busesOnly] })
    expect(await scan(world, 1_000, { fleetRules: bus })).toMatchObject({ kind: 'accepted' })
  })

  test('lowers the hold, and says what is possible', async () => {
    const world = await withPolicy({
      rules: [rule("grantKind == 'roaming' && holdMinor > 500", { holdMaxMinor: minorUnits(700) })],
    })
    expect(await scan(world, 1_000)).toMatchObject({
      refusal: { code: 'hold.rule', facts: { limit: 700, asked: 1_000, possible: 700 } },
    })
    const { text } = await (await TestWallet.create('berta')).authorize(world.offer(), 700)
    expect(await world.controller.handleScan(1, text)).toMatchObject({ kind: 'accepted' })
  })

  test('that fails applies, and the journal says so beside the decline', async () => {
    const world = await withPolicy({
      rules: [rule('1 / openSessions > 5', { decline: [english] }, 'divides')],
    })
    expect(await scan(world, 1_000)).toMatchObject({ refusal: { code: 'rule.declined' } })
    expect(failed(world)).toEqual([expect.stringMatching(/^rule divides was taken as if it applied: /)])
  })

  test('that fails and only lowers something lets the session start with less, and says so', async () => {
    const world = await withPolicy({ rules: [rule('1 / fleet > 5', { holdMaxMinor: minorUnits(1_000) })] })
    expect(await scan(world, 1_000)).toMatchObject({ kind: 'accepted' })
    expect(failed(world)).toHaveLength(1)
  })

  test('asks how long the charger has been alone', async () => {
    const alone = rule('hoursOffline >= 48', { decline: [english] })
    const world = await withPolicy({ rules: [alone] })
    expect(await scan(world, 500)).toMatchObject({ kind: 'accepted' })
    const later = await KioskWorld.create({ policy: { rules: [alone] } })
    await later.time.advance(49 * 3_600 * 1_000)
    await later.charger.plug()
    await later.settle()
    expect(await scan(later, 500)).toMatchObject({ refusal: { code: 'rule.declined' } })
  })

  test('asks for the bay’s power as configured', async () => {
    const strong = rule('connectorPowerW > 10000', { decline: [english] })
    const world = await withPolicy({ rules: [strong] })
    expect(await scan(world, 500)).toMatchObject({ kind: 'accepted' })
  })

  test('ends a session after the time that it allows', async () => {
    const world = await KioskWorld.create({
      policy: { rules: [rule('true', { durationMaxS: seconds(600) })] },
    })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(1_200, 6_000)
    const ended = world.events().find((event) => event.kind === 'stopping')
    expect(ended).toMatchObject({ stopReason: 'limit', timeS: epochSeconds(storyTimeS + 600) })
  })

  test('lowers what a printed card holds, and declines it in the same words', async () => {
    const card = envelopeToText({ kind: 'voucher', parts: [await printedCard()] })
    const lower = await withPolicy(
      { rules: [rule("grantKind == 'card'", { holdMaxMinor: minorUnits(400) })] },
      { capabilities: 5 },
    )
    expect(await lower.controller.handleScan(1, card)).toMatchObject({ kind: 'accepted' })
    const accepted = lower.events().find((event) => event.kind === 'bearer-accepted')
    const record = expectOk(parseMessage(bearerRecord, accepted?.record ?? new Uint8Array()), 'a record')
    expect(record.payload.holdMinor).toBe(400)
    const closed = await withPolicy({ rules: [busesOnly] }, { capabilities: 5 })
    expect(await closed.controller.handleScan(1, card)).toMatchObject({ refusal: { code: 'rule.declined' } })
  })
})

describe('a class of vehicles', () => {
  const classes = [
    { vehicleClass: 0, powerMaxW: 11_040, weight: 1, durationMaxS: seconds(0), energyMaxWh: 0 },
    { vehicleClass: 3, powerMaxW: 0, weight: 3, durationMaxS: seconds(300), energyMaxWh: 0 },
  ]
  const profiles = (world: KioskWorld): readonly string[] =>
    world.charger.heard.filter((heard) => heard.startsWith('profile tx '))

  test('is held under its power by a profile of each session', async () => {
    const world = await KioskWorld.create({ policy: { classes } })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(30, 11_000)
    // 11.04 kW on three phases of 230 V.
    expect(profiles(world)).toEqual(['profile tx 16'])
  })

  test('is remembered over a power cut', async () => {
    const world = await KioskWorld.create({ policy: { classes } })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(30, 11_000)
    await world.powerCut()
    await world.charge(30, 11_000)
    expect(profiles(world).length).toBeGreaterThan(1)
    expect(new Set(profiles(world))).toEqual(new Set(['profile tx 16']))
  })

  test('has its own longest session', async () => {
    const world = await KioskWorld.create({ policy: { classes } })
    await startSession(world, await TestWallet.create('bus', { fleetRules: bus }), 1_500)
    await world.charge(600, 6_000)
    expect(profiles(world)).toEqual([])
    expect(world.events().find((event) => event.kind === 'stopping')).toMatchObject({
      stopReason: 'limit',
      timeS: epochSeconds(storyTimeS + 300),
    })
  })

  test('a charger that takes no profiles charges on: more than the class allows is no hazard', async () => {
    const world = await KioskWorld.create({ policy: { classes } })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(600, 22_000)
    expect(world.phase.kind).toBe('charging')
  })

  test('alone at a charger under a cap has the whole of it, and needs no profile but its own', async () => {
    const power = { stationMaxA: new Map([[twinIdentity, amperes(40)]]) }
    const world = await KioskWorld.create({ controller: { power } })
    await startSession(world, await TestWallet.create('anna'), 1_500)
    await world.charge(30, 11_000)
    expect(profiles(world)).toEqual([])
  })
})
