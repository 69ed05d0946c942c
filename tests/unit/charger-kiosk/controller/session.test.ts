import { expect, test } from 'vitest'
import { KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'

test('a driver plugs in, shows consent, charges, types the stop code and gets a receipt', async () => {
  const world = await KioskWorld.create()
  expect(world.phase.kind).toBe('available')
  const wallet = await TestWallet.create('anna')
  const held = await startSession(world, wallet, 1_500)
  const { stopCode } = world.phaseOf('charging')
  await world.charge(1_800, 36_000)
  expect(world.phaseOf('charging')).toMatchObject({ energyWh: 18_000, costMinor: 882 })
  await world.controller.handleStop(1, stopCode ?? '')
  await world.settle()
  const finished = world.phaseOf('finished')
  // 18.000 kWh × 0.49 = 8.82, computed by hand.
  expect(finished).toMatchObject({
    totalMinor: 882,
    releasedMinor: 618,
    energyWh: 18_000,
    stopReason: 'stop-code',
  })
  expect(finished.sessionId).toBe(held.authorization.hash)
  expect(world.kinds().filter((kind) => kind !== 'metered')).toEqual([
    'boot',
    'accepted',
    'started',
    'stopping',
    'ended',
  ])
})
