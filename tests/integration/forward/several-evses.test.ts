/** A charger with two EVSEs of two connectors each: whose session is whose, here and at the site CSMS. */

import { expect, test } from 'vitest'
import { connectorId, idTag } from '@/charger-kiosk/ocpp/ids'
import { battery } from '@/simulator/charger/vehicle'
import { openForwardBench } from './forward-bench'
import { SiteCsms } from './site-csms'

const car = () => battery(60_000, 20, 50_000)
const tags = ['00000000000000000001', '00000000000000000002'] as const

test('two sessions at two EVSEs, each at the connector that is plugged in; its neighbour is out of use meanwhile', async () => {
  const site = await new SiteCsms('2.0.1').start()
  const world = await openForwardBench(site, '2.0.1')
  try {
    const { shell } = world.bench
    const charger = world.bench.charger({ connectorCount: 4, connectorsPerEvse: 2, speed: 200 })
    await shell.until(() => shell.ofType('configured').length === 1)
    const heard = (evse: number, connector: number, status: string) => () =>
      shell
        .ofType('status')
        .findLast((one) => one.connectorId === connectorId(evse) && one.evseConnector === connector)
        ?.status === status
    for (const [evse, connector] of [
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ] as const) {
      await shell.until(heard(evse, connector, 'Available'))
    }
    // The machine's second and third: EVSE 1 connector 2, EVSE 2 connector 1.
    charger.dispatch({ type: 'plug', connectorId: 2, vehicle: car() })
    charger.dispatch({ type: 'plug', connectorId: 3, vehicle: car() })
    await shell.until(heard(1, 2, 'Preparing'))
    await shell.until(heard(1, 1, 'Unavailable'))
    await shell.until(heard(2, 2, 'Unavailable'))
    for (const [index, tag] of tags.entries()) {
      const started = await world.commands.remoteStart({
        connectorId: connectorId(index + 1),
        idTag: idTag(tag),
      })
      expect(started.ok).toBe(true)
      await shell.until(() => shell.ofType('start').length === index + 1)
    }
    const starts = shell
      .ofType('start')
      .map(({ request }) => [request.connectorId, request.evseConnector, request.idTag])
    expect(starts).toEqual([
      [1, 2, tags[0]],
      [2, 1, tags[1]],
    ])
    charger.dispatch({ type: 'unplug', connectorId: 2 })
    await shell.until(heard(1, 1, 'Available'))
    expect(heard(2, 2, 'Unavailable')()).toBe(true)
    const events = () => site.of('TransactionEvent').map(({ params }) => params)
    await site.until(() => events().some(({ eventType }) => eventType === 'Ended'))
    const places = (type: string) =>
      events().flatMap(({ eventType, evse }) => (eventType === type ? [evse] : []))
    expect(places('Started')).toEqual([
      { id: 1, connectorId: 2 },
      { id: 2, connectorId: 1 },
    ])
    expect(places('Ended')).toEqual([{ id: 1, connectorId: 2 }])
  } finally {
    await world.close()
    await site.kill()
  }
})
