import { describe, expect, test } from 'vitest'
import { grantSerial, operatorId, siteId } from '@/lib/core/ids'
import { epochSeconds } from '@/lib/core/units'
import type { TechnicianPass } from '@/lib/protocol/messages/technician-pass'
import { storyTimeS, testSigner, walletSigner } from '@/tests/fixtures/messages'
import { answerChallenge, issuePass, TechnicianWorld } from '@/tests/fixtures/technician-world'

describe('entry by pass', () => {
  test('opens in the name of the pass, with its rights, and stands in the journal whole', async () => {
    const world = await TechnicianWorld.create()
    const report = await world.enter({ rights: 1 })
    expect(report).toMatchObject({
      serial: '7ec4000000000001',
      rights: { diagnostics: true, service: false },
    })
    expect(report.leftS).toBe(900)
    const entered = world.kiosk.events().filter(({ kind }) => kind === 'technician-entered')
    expect(entered).toHaveLength(1)
  })

  const faults: readonly [string, Partial<TechnicianPass>, string][] = [
    ['of another operator', { operator: operatorId('other') }, 'technician.operator'],
    ['for another site', { sites: [siteId('perth')] }, 'technician.site'],
    ['that has expired', { notAfterS: epochSeconds(storyTimeS - 1) }, 'technician.expired'],
    ['from tomorrow on', { notBeforeS: epochSeconds(storyTimeS + 86_400) }, 'technician.not-yet-valid'],
    ['without a right', { rights: 4 }, 'technician.rights'],
    ['of another key', { key: walletSigner.publicKey }, 'technician.key'],
  ]
  test.each(faults)('refuses a pass %s by its own reason', async (_what, changes, code) => {
    const world = await TechnicianWorld.create()
    const parts = await answerChallenge(await world.askedCode(), await issuePass(changes))
    expect(await world.desk.enter(parts)).toEqual({ ok: false, error: code })
    expect(world.desk.state('screen')).toMatchObject({ kind: 'asking', refusal: { code } })
    expect(world.kiosk.kinds()).not.toContain('technician-entered')
  })

  test('refuses a pass that nobody trusted has signed, and one that was taken back', async () => {
    const world = await TechnicianWorld.create()
    const code = await world.askedCode()
    const forged = await answerChallenge(code, await issuePass({}, testSigner('stranger')))
    expect(await world.desk.enter(forged)).toEqual({ ok: false, error: 'technician.signature' })
    await world.kiosk.revoke('7ec4000000000002')
    const revoked = await answerChallenge(code, await issuePass({ serial: grantSerial('7ec4000000000002') }))
    expect(await world.desk.enter(revoked)).toEqual({ ok: false, error: 'technician.revoked' })
  })

  test('an expired pass stays expired when the clock is set back behind the floor', async () => {
    const world = await TechnicianWorld.create()
    world.kiosk.time.wallOffsetS = -90 * 86_400
    const parts = await answerChallenge(
      await world.askedCode(),
      await issuePass({ notBeforeS: epochSeconds(0), notAfterS: epochSeconds(storyTimeS - 86_400) }),
    )
    expect(await world.desk.enter(parts)).toEqual({ ok: false, error: 'technician.expired' })
  })

  test('an answer opens once, for its own challenge, within five minutes', async () => {
    const world = await TechnicianWorld.create()
    const pass = await issuePass()
    const code = await world.askedCode()
    const parts = await answerChallenge(code, pass)
    expect((await world.desk.enter(parts)).ok).toBe(true)
    await world.act({ kind: 'leave' })
    expect(await world.desk.enter(parts)).toEqual({ ok: false, error: 'technician.used' })
    const late = await answerChallenge(await world.askedCode(), pass)
    await world.kiosk.pass(301)
    expect(await world.desk.enter(late)).toEqual({ ok: false, error: 'technician.stale' })
    const elsewhere = await TechnicianWorld.create()
    expect(await elsewhere.desk.enter(late)).toEqual({ ok: false, error: 'technician.stale' })
  })

  test('rubbish in either part is a damaged code', async () => {
    const world = await TechnicianWorld.create()
    const pass = await issuePass()
    expect(await world.desk.enter([pass.bytes])).toEqual({ ok: false, error: 'code.damaged' })
    expect(await world.desk.enter([pass.bytes, pass.bytes])).toEqual({ ok: false, error: 'code.damaged' })
  })
})
