import { expect, test } from 'vitest'
import { ok } from '@/lib/core/result'
import { MemoryRadio } from '@/charger-kiosk/bluetooth/memory-radio'
import type { OpenRadio } from '@/charger-kiosk/bluetooth/radio'
import { startBluetooth } from '@/charger-kiosk/bluetooth/start-bluetooth'
import { issuedPolicy, KioskWorld } from '@/tests/fixtures/kiosk-world'

async function started(switches: number | undefined) {
  const world = await KioskWorld.create({ policy: switches === undefined ? {} : { switches } })
  const said: string[] = []
  const radios: MemoryRadio[] = []
  const openRadio: OpenRadio = (user) => {
    const radio = new MemoryRadio(user)
    radios.push(radio)
    return Promise.resolve(ok(radio))
  }
  const { controller, time } = world
  const bluetooth = startBluetooth({
    controller,
    openRadio,
    clock: time,
    timers: time,
    log: (what) => said.push(what),
  })
  await world.settle()
  return { world, said, radios, bluetooth }
}

test('the policy switches Bluetooth off: phones that talk are cut, and no radio stands open', async () => {
  const { world, said, radios, bluetooth } = await started(undefined)
  const phone = radios[0]?.connect()
  expect(said).toEqual(['bluetooth-ready'])
  await world.controller.takeNews({ policy: (await issuedPolicy({ sequence: 8, switches: 1 })).bytes })
  await world.settle()
  await phone?.ended
  expect(said).toEqual(['bluetooth-ready', 'bluetooth-switched-off'])
  expect(phone?.readState()).toBeUndefined()
  await bluetooth.close()
})

test('codes go on while it is off, and the next policy switches it on again', async () => {
  const { world, said, radios, bluetooth } = await started(1)
  expect([said, radios]).toEqual([['bluetooth-switched-off'], []])
  await world.charger.plug()
  await world.settle()
  expect(world.offer().payload.policySequence).toBe(7)
  await world.controller.takeNews({ policy: (await issuedPolicy({ sequence: 8, switches: 2 })).bytes })
  await world.settle()
  expect(said).toEqual(['bluetooth-switched-off', 'bluetooth-ready'])
  expect(radios).toHaveLength(1)
  await bluetooth.close()
})

test('once it was closed, no policy opens it', async () => {
  const { world, radios, bluetooth } = await started(1)
  await bluetooth.close()
  await world.controller.takeNews({ policy: (await issuedPolicy({ sequence: 8 })).bytes })
  await world.settle()
  expect(radios).toEqual([])
})
