import { describe, expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import type { EventOf } from '@/lib/protocol/journal-event'
import { twinIdentity } from '@/simulator/charger/charger-twin'
import { issuedPolicy, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { storyTimeS } from '@/tests/fixtures/messages'
import { answerChallenge, issuePass, TechnicianWorld } from '@/tests/fixtures/technician-world'

const acted = (world: TechnicianWorld): EventOf<'technician-acted'>[] =>
  world.kiosk.events().filter((event) => event.kind === 'technician-acted')

describe('technician mode', () => {
  test('ends after fifteen minutes without an act, and every act starts them anew', async () => {
    const world = await TechnicianWorld.create()
    await world.enter()
    await world.kiosk.pass(800)
    await world.act({ kind: 'stay' })
    await world.kiosk.pass(890)
    expect(world.report().leftS).toBeLessThan(11)
    await world.kiosk.pass(11)
    expect(world.desk.state('screen')).toEqual({ kind: 'closed' })
    expect(acted(world).at(-1)).toMatchObject({ act: 'leave', detail: 'idle', by: '7ec4000000000001' })
    expect(await world.act({ kind: 'self-test' })).toEqual({ ok: false, error: 'technician.closed' })
  })

  test('refuses what the pass has no right to, and says so', async () => {
    const world = await TechnicianWorld.create()
    await world.enter({ rights: 1 })
    expect(await world.act({ kind: 'unlock', connectorId: 1 })).toEqual({
      ok: false,
      error: 'technician.rights',
    })
    expect(world.report().notice).toMatchObject({ act: 'unlock', refusal: { code: 'technician.rights' } })
    expect((await world.act({ kind: 'read-meter', connectorId: 1 })).ok).toBe(true)
  })

  test('leaves a running session alone while it is used, and while it ends', async () => {
    const world = await TechnicianWorld.create()
    await startSession(world.kiosk, await TestWallet.create('anna'), 1_500)
    await world.enter()
    for (const kind of ['test', 'unlock'] as const)
      expect(await world.act({ kind, connectorId: 1 })).toEqual({ ok: false, error: 'technician.in-use' })
    expect((await world.act({ kind: 'take-out', connectorId: 1 })).ok).toBe(true)
    expect(world.kiosk.phase.kind).toBe('charging')
    await world.act({ kind: 'leave' })
    expect(world.kiosk.phase.kind).toBe('charging')
  })

  test('says which prices and rules are in force, and why newer ones are not', async () => {
    const world = await TechnicianWorld.create()
    await world.enter()
    const policy = () => world.report().health.find(({ check }) => check === 'policy')
    expect(policy()).toMatchObject({
      verdict: 'good',
      facts: { state: 'valid', sequence: 7, hasRefused: 'no' },
    })
    const untilS = epochSeconds(storyTimeS + 600)
    const short = await issuedPolicy({ sequence: 8, notAfterS: untilS })
    await world.kiosk.controller.takeNews({ policy: short.bytes })
    expect(policy()).toMatchObject({ verdict: 'good', facts: { state: 'valid', sequence: 8, untilS } })
    await world.kiosk.pass(660)
    expect(policy()).toMatchObject({ verdict: 'doubtful', facts: { state: 'overdue', sequence: 8 } })
    const broken = await issuedPolicy({
      sequence: 9,
      rules: [{ name: 'typo', when: 'hold > 1', decline: [{ language: 'en', text: 'No.' }] }],
    })
    await world.kiosk.controller.takeNews({ policy: broken.bytes })
    expect(policy()).toMatchObject({ verdict: 'doubtful', facts: { sequence: 8, hasRefused: 'yes' } })
  })

  test('reads the meter live, and the reading is in the report', async () => {
    const world = await TechnicianWorld.create()
    await world.enter()
    expect(world.report().bays[0]?.reading).toBeNull()
    // One second in ten thousand is no whole month.
    expect(world.report().bays[0]?.upBasisPoints).toBe(9_999)
    expect((await world.act({ kind: 'read-meter', connectorId: 1 })).ok).toBe(true)
    expect(world.report().bays[0]?.reading).toMatchObject({ registerWh: 10_000, powerW: 0, isSigned: false })
    expect(acted(world).at(-1)?.detail).toBe('register 10000 Wh, power 0 W')
  })

  test('a bay that was taken out sells nothing, also after a restart, until it is put back', async () => {
    const world = await TechnicianWorld.create()
    await world.enter()
    await world.act({ kind: 'take-out', connectorId: 1 })
    expect(world.kiosk.phase).toEqual({ kind: 'unavailable', reason: 'charger.service' })
    await world.kiosk.powerCut()
    expect(world.kiosk.controller.technician.facts().bays[0]?.isTakenOut).toBe(true)
    expect(world.kiosk.phase).toEqual({ kind: 'unavailable', reason: 'charger.service' })
  })

  test('a charger that was away learns of its closed bay when it comes back, and is put back only when it is there', async () => {
    const world = await TechnicianWorld.create()
    const { handlers } = world.kiosk.charger
    await world.enter()
    await world.kiosk.charger.disconnect()
    await world.act({ kind: 'take-out', connectorId: 1 })
    expect(world.kiosk.charger.heard).not.toContain('inoperative')
    expect(await world.act({ kind: 'put-back', connectorId: 1 })).toEqual({
      ok: false,
      error: 'charger.offline',
    })
    await world.kiosk.charger.connect(handlers)
    await handlers?.onEvent({ type: 'configured', identity: twinIdentity, atS: storyTimeS, outcomes: {} })
    await world.kiosk.settle()
    expect(world.kiosk.charger.heard).toContain('inoperative')
    expect((await world.act({ kind: 'put-back', connectorId: 1 })).ok).toBe(true)
  })

  test('tests a free bay without a start: it closes, stands still, unlocks, and opens again', async () => {
    const world = await TechnicianWorld.create()
    await world.enter()
    expect((await world.act({ kind: 'test', connectorId: 1 })).ok).toBe(true)
    expect(world.report().bays[0]?.test).toEqual([
      { step: 'closes', verdict: 'good' },
      { step: 'still', verdict: 'good' },
      { step: 'lock', verdict: 'good' },
      { step: 'opens', verdict: 'good' },
    ])
    expect(world.kiosk.charger.starts).toEqual([])
    expect(world.kiosk.phase.kind).toBe('available')
  })

  test('does not test a bay with a vehicle at its cable', async () => {
    const world = await TechnicianWorld.create()
    await world.enter()
    await world.kiosk.charger.plug()
    await world.kiosk.settle()
    expect(await world.act({ kind: 'test', connectorId: 1 })).toEqual({
      ok: false,
      error: 'technician.in-use',
    })
  })

  test('writes seals down, and a broken one is an incident', async () => {
    const world = await TechnicianWorld.create()
    await world.enter()
    const seal = { place: 'meter', number: 'OP-0042', isIntact: true }
    await world.act({ kind: 'seals', seals: [seal] })
    expect(world.report().seals).toEqual([{ place: 'meter', number: 'OP-0042' }])
    await world.act({ kind: 'seals', seals: [{ ...seal, isIntact: false }] })
    expect(world.report().notice).toMatchObject({ outcome: 'done', findings: ['meter: OP-0042'] })
    expect(world.kiosk.kinds()).toContain('seal.broken')
  })

  test('shows the newest events, and proves one of them against a signed checkpoint', async () => {
    const world = await TechnicianWorld.create()
    const { events } = await world.enter()
    expect(events[0]?.kind).toBe('technician-entered')
    await world.act({ kind: 'prove', seq: 0 })
    const { proof } = world.report()
    expect(proof).toMatchObject({ seq: 0, verdict: 'fits', size: events[0]!.seq + 1 })
    expect(proof?.leaf).toMatch(/^[0-9a-f]{64}$/)
  })

  test('makes a bundle that names nobody', async () => {
    const world = await TechnicianWorld.create()
    const wallet = await TestWallet.create('anna')
    await startSession(world.kiosk, wallet, 1_500)
    await world.enter()
    await world.act({ kind: 'bundle' })
    const text = world.desk.bundle!.text
    const { serial, pseudonym, deviceKey } = wallet.grant.payload
    for (const personal of [serial, pseudonym, deviceKey]) expect(text).not.toContain(personal)
    expect(text).toContain('"kind": "accepted"')
    expect(world.report().bundle).toMatchObject({ bytes: text.length })
  })

  test('what cannot be written down opens nothing', async () => {
    const world = await TechnicianWorld.create()
    const parts = await answerChallenge(await world.askedCode(), await issuePass())
    world.kiosk.disk.fault = 'full'
    expect(await world.desk.enter(parts)).toEqual({ ok: false, error: 'charger.storage' })
    expect(world.desk.state('screen').kind).toBe('asking')
  })
})
