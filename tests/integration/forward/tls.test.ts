/** Whom a controller believes when it calls the site's own CSMS over TLS. */

import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { RPCServer } from 'ocpp-rpc'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeSiteCertificate } from '@/lib/crypto/site-certificate'
import { epochSeconds } from '@/lib/core/units'
import { openForwardBench } from './forward-bench'
import { SiteCsms } from './site-csms'

const identity = makeSiteCertificate(['127.0.0.1'], epochSeconds(Math.floor(Date.now() / 1_000)), 86_400)
let server: Server
const boots: string[] = []

beforeEach(async () => {
  const rpc = new RPCServer({ protocols: ['ocpp1.6'], strictMode: true })
  rpc.auth((accept, reject, { password }) =>
    password?.toString() === 'right' ? accept() : reject(401, 'Who?'),
  )
  rpc.on('client', (client: { handle(action: string, handler: () => object): void; identity: string }) => {
    client.handle('BootNotification', () => {
      boots.push(client.identity)
      return { status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }
    })
    client.handle('StatusNotification', () => ({}))
    client.handle('MeterValues', () => ({}))
  })
  server = createServer(identity)
  server.on('upgrade', rpc.handleUpgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => server.closeAllConnections())

test('a certificate that nobody vouches for is refused, a known one accepted, and a wrong password told', async () => {
  const url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/site`
  const tls = { ca: identity.cert, cert: undefined, key: undefined }
  const faultOf = async (changes: object): Promise<string> => {
    const world = await openForwardBench(new SiteCsms('1.6'), '1.6', { url, password: 'right', ...changes })
    world.bench.charger()
    const figures = () => world.forwarder.figures()[0]
    while (figures()?.fault === undefined && figures()?.standing !== 'connected') {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const fault = figures()?.fault ?? 'none'
    await world.close()
    return fault
  }
  expect(await faultOf({})).toMatch(/self.signed/i)
  expect(await faultOf({ tls, password: 'wrong' })).toBe('Unauthorized')
  expect(boots).toEqual([])
  expect(await faultOf({ tls })).toBe('none')
  expect(boots).toEqual(['SITE-7'])
})
