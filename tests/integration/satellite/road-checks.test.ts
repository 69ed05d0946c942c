/** What doctor says about the site's gateway and a satellite modem, with a real TLS server and a modem over a socket. */

import { once } from 'node:events'
import { createServer, type Server } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate, createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KioskConfig } from '@/charger-kiosk/config'
import { roadFindings } from '@/charger-kiosk/cli/road-checks'
import { epochSeconds } from '@/lib/core/units'
import { makeTlsFiles, tlsFilesIn } from '@/charger-kiosk/ocpp/tls-files'
import { clearSky, startVirtualModem } from '@/simulator/satellite/virtual-modem'

let folder: string
let server: Server
let url: string
let pin: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'road-checks-'))
  const files = tlsFilesIn(folder)
  makeTlsFiles(files, ['127.0.0.1'], epochSeconds(Math.floor(Date.now() / 1_000)))
  const [cert, key] = [readFileSync(files.certFile), readFileSync(files.keyFile)]
  pin = createHash('sha256')
    .update(new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
  server = createServer({ cert, key, minVersion: 'TLSv1.3' }, (socket) => socket.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const found = async (roads: Pick<KioskConfig, 'gateway' | 'satellite'>, isRunning = false) =>
  (await roadFindings(roads as KioskConfig, isRunning)).map(({ state, found: text }) => [state, text])

test('a gateway is known by its pin, a stranger is told apart, and one that is gone is no reason to stop', async () => {
  expect(await found({ gateway: { url, pins: [pin] }, satellite: undefined })).toEqual([
    ['ok', `${url} shows a pinned key`],
  ])
  expect(await found({ gateway: { url, pins: ['00'.repeat(32)] }, satellite: undefined })).toEqual([
    ['fail', `${url} shows the key ${pin}`],
  ])
  const gone = await found({ gateway: { url: 'https://127.0.0.1:9', pins: [pin] }, satellite: undefined })
  expect(gone[0]?.[0]).toBe('warn')
})

test('a modem says how strong its signal is; in the hands of a controller it is left alone', async () => {
  const sky = clearSky()
  const modem = await startVirtualModem(sky)
  const satellite = { address: `tcp://127.0.0.1:${modem.port}`, baud: 19_200 } as KioskConfig['satellite']
  const roads = { gateway: undefined, satellite }
  expect(await found(roads)).toEqual([['ok', `tcp://127.0.0.1:${modem.port}, signal 4 of 5`]])
  sky.signal = 0
  expect((await found(roads))[0]).toEqual(['warn', `tcp://127.0.0.1:${modem.port} sees no satellite`])
  await modem.close()
  expect((await found(roads))[0]?.[0]).toBe('warn')
  expect((await found(roads, true))[0]?.[0]).toBe('ok')
})
