/** Controller and site CSMS die at any instant, again and again; a charger repeats what was not acknowledged. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '@/tests/fixtures/free-port'
import { IssuerServer } from '@/tests/fixtures/issuer-server'
import { run, temporaryFolder, until, type Running } from '../kiosk/kiosk-process'
import { OutsideClient } from './outside-client'
import { SiteCsms } from './site-csms'

const kills = Number(process.env['FORWARD_KILLS'] ?? 1)

test('whatever dies when, the site CSMS has every start and every stop, and what comes twice is the same to the byte', async () => {
  const folder = temporaryFolder()
  const cloud = await new IssuerServer().listen()
  const site = await new SiteCsms('1.6').start()
  const ocppPort = await freePort()
  const path = join(folder.path, 'outpost-kiosk.json')
  const forward = { url: site.url, version: '1.6', backfillPerSecond: 200 }
  const ocpp = { port: ocppPort, chargers: [{ identity: 'CP-1', bays: [{ bay: 1 }], forward }] }
  const screen = { port: await freePort() }
  const config = {
    charger: { id: 'KIN-01' },
    dataFolder: join(folder.path, 'data'),
    cloud: { url: cloud.origin },
  }
  writeFileSync(path, JSON.stringify({ ...config, screen, ocpp }))
  const start = async (): Promise<Running> => {
    const kiosk = await run('charger-kiosk/main.ts', [], {
      OUTPOST_KIOSK_CONFIG: path,
      OUTPOST_ENROLMENT_CODE: 'CODE-1',
    })
    await until(() => kiosk.output().includes('"what":"ready"'), `a ready kiosk in ${kiosk.output()}`)
    return kiosk
  }
  let kiosk = await start()
  let client: OutsideClient | undefined
  let isOver = false

  /** As a charger does: until there is an answer, over as many links as it takes. */
  async function tell(action: string, payload: object): Promise<Record<string, unknown>> {
    for (;;) {
      try {
        if (client === undefined || client.isClosed) {
          client = await OutsideClient.open(`ws://127.0.0.1:${ocppPort}/ocpp`, 'ocpp1.6', 'CP-1')
        }
        const present = client
        const gone = until(() => present.isClosed, 'an answer', 600_000).then(() =>
          Promise.reject(new Error('lost')),
        )
        return await Promise.race([client.call(action, payload as Record<string, unknown>), gone])
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    }
  }
  let sessions = 0
  const charging = (async () => {
    const timeOf = (second: number): string => new Date(1_790_000_000_000 + second * 1_000).toISOString()
    for (; !isOver; sessions += 1) {
      const at = sessions * 10
      const begin = { connectorId: 1, idTag: 'ANYBODY', meterStart: at, timestamp: timeOf(at) }
      const { transactionId } = await tell('StartTransaction', begin)
      const meterValue = [{ timestamp: timeOf(at + 1), sampledValue: [{ value: String(at + 1) }] }]
      await tell('MeterValues', { connectorId: 1, transactionId, meterValue })
      await tell('StopTransaction', { transactionId, meterStop: at + 2, timestamp: timeOf(at + 2) })
    }
  })()
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 500))
      if (kill % 2 === 1) await site.kill()
      kiosk.child.kill('SIGKILL')
      await kiosk.ended
      kiosk = await start()
      if (kill % 2 === 1) await site.start()
    }
    const sessionsSoFar = sessions
    await until(() => sessions > sessionsSoFar + 1, 'one more session')
    isOver = true
    await charging
    await site.until(() =>
      site.of('StopTransaction').some(({ params }) => params['meterStop'] === (sessions - 1) * 10 + 2),
    )
    const numbers = Array.from({ length: sessions }, (_, index) => index * 10)
    const starts = new Map(
      numbers.map((at) => [
        at,
        site.of('StartTransaction').filter(({ params }) => params['meterStart'] === at),
      ]),
    )
    for (const [at, told] of starts) {
      expect(told.length, `start ${at}`).toBeGreaterThanOrEqual(1)
      expect(new Set(told.map(({ text }) => text)).size, `start ${at}`).toBe(1)
      const stops = site.of('StopTransaction').filter(({ params }) => params['meterStop'] === at + 2)
      expect(stops.length, `stop ${at}`).toBeGreaterThanOrEqual(1)
      expect(new Set(stops.map(({ text }) => text)).size, `stop ${at}`).toBe(1)
      expect(told.map(({ answeredId }) => answeredId)).toContain(stops[0]?.params['transactionId'])
    }
    // A message is in doubt only where something died under it.
    expect(site.of('StartTransaction').length - sessions).toBeLessThanOrEqual(kills)
  } finally {
    isOver = true
    client?.cut()
    kiosk.child.kill('SIGKILL')
    await site.kill()
    await cloud.close()
    folder.remove()
  }
})
