import { describe, expect, test } from 'vitest'
import { receiptOf } from '@/tests/fixtures/kiosk-receipts'
import { KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { twinIdentity } from '@/simulator/charger/charger-twin'

async function charging(): Promise<KioskWorld> {
  const world = await KioskWorld.create()
  await startSession(world, await TestWallet.create('anna'), 1_500)
  await world.charge(60, 36_000)
  return world
}

const transactionOf = (world: KioskWorld): number =>
  world.controller.site.openSessions(twinIdentity)[0]?.transactionId ?? 0

describe('what the site’s own CSMS asks of the controller', () => {
  test('a stop ends the session by the machine: the charger is told, the bill is of what flowed', async () => {
    const world = await charging()
    const id = transactionOf(world)
    expect(await world.controller.site.stop(twinIdentity, id)).toBe(true)
    await world.controller.site.note(twinIdentity, {
      action: 'RemoteStopTransaction',
      outcome: 'Accepted',
      transactionId: id,
    })
    await world.settle()
    expect(world.charger.heard).toContain(`stop ${id}`)
    expect(receiptOf(world)).toMatchObject({ stopReason: 'limit', meterStartWh: 10_000 })
    expect(receiptOf(world).meterStopWh).toBeGreaterThan(10_000)
    expect(world.events().filter(({ kind }) => kind === 'site-command')).toMatchObject([
      { charger: twinIdentity, action: 'RemoteStopTransaction', outcome: 'Accepted' },
    ])
    expect(world.controller.site.openSessions(twinIdentity)).toEqual([])
  })

  test('a stop of nobody’s transaction, or after the end, touches nothing', async () => {
    const world = await charging()
    const id = transactionOf(world)
    expect(await world.controller.site.stop(twinIdentity, id + 1)).toBe(false)
    expect(world.phase.kind).toBe('charging')
    await world.controller.site.stop(twinIdentity, id)
    await world.settle()
    const events = world.events().length
    expect(await world.controller.site.stop(twinIdentity, id)).toBe(false)
    expect(world.events()).toHaveLength(events)
  })

  test('what it says is cleaned of control characters and cut before it stands in the journal', async () => {
    const world = await charging()
    await world.controller.site.note(twinIdentity, { action: 'Reset\u0000\n', outcome: 'x'.repeat(200) })
    const [event] = world.events().filter(({ kind }) => kind === 'site-command')
    expect(event).toMatchObject({ action: 'Reset  ', outcome: 'x'.repeat(40) })
  })
})
