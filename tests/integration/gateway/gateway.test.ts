/**
 * A yard with one line: two kiosks, their virtual chargers and the gateway as processes, the real cloud behind it. What
 * chargers sell is settled, news reach them, and nothing is lost when the line or the gateway dies.
 */

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { revokeGrant } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { reserveAccount } from '@/lib/cloud/ledger/accounts'
import { registerCharger } from '@/lib/cloud/operator/commands'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { revocations } from '@/lib/protocol/messages/revocations'
import { freePort } from '../../fixtures/free-port'
import type { TestPhone } from '../../fixtures/session-actors'
import { balanceMinor, bytesOf, openAccount, Phone, proof } from '../cloud/world'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { CloudFront } from './cloud-front'
import { eventually, GatewayProcess, YardCharger } from './yard'

const capMinor = 4_000
const site = 'kinross'

let database: TestDatabase
let folder: string
let cloud: Cloud
let front: CloudFront
let gateway: GatewayProcess
let chargers: readonly YardCharger[] = []

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-gateway-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  cloud = await runningCloud()
  front = await CloudFront.open()
  const { root } = await currentTrust(cloud)
  const ports = { port: await freePort(), dashboardPort: await freePort() }
  gateway = new GatewayProcess({ folder, site, cloudOrigin: front.origin, root, ...ports })
  const pin = await gateway.start()
  chargers = await Promise.all(
    ['KIN-01', 'KIN-02'].map(async (id) => {
      const setup = { chargerId: id, siteId: site, siteLabel: 'Kinross Services', bayLabel: id }
      const { enrolmentCode: code } = await registerCharger(cloud, setup)
      const place = { folder, id, code, cloudOrigin: front.origin, gateway: { url: gateway.url, pin } }
      const charger = await YardCharger.start(place)
      await charger.ownLine(false)
      return charger
    }),
  )
})
afterAll(async () => {
  for (const charger of chargers) charger.stop()
  await gateway.kill()
  await front.close()
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const phone = async (): Promise<TestPhone> =>
  Phone.withGrant(cloud, await openAccount(cloud, 10_000), capMinor)

/** The session has left the driver's reserve for good. */
const settled = ({ serial }: TestPhone) =>
  eventually(
    async () => (await balanceMinor(cloud, reserveAccount(serial))) < capMinor,
    `a settled session; ${chargers.map(({ output }) => output).join('')}`,
  )

const keeps = (countMin: number) =>
  eventually(async () => (await gateway.health()).kept >= countMin, `${countMin} kept parcels`)

/** By their own logs, which came home as well. */
async function chargersThatHeard(): Promise<number> {
  const { tenant } = cloud.config
  const list = parseMessage(revocations, bytesOf((await currentTrust(cloud)).revocations))
  const { epoch } = expectOk(list, 'the list').payload
  const heard = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .selectFrom('revocation_holders')
      .select('charger_id')
      .where('tenant', '=', tenant)
      .where('revocation_epoch', '>=', epoch)
      .execute(),
  )
  return heard.length
}

test('two chargers without a line of their own sell, and the gateway brings everything home and the news back', async () => {
  const [one, other] = chargers as [YardCharger, YardCharger]
  const directly = front.served.get('/api/v1/sync') ?? 0
  const drivers = [await phone(), await phone()] as const
  await Promise.all([one.sell(drivers[0]), other.sell(drivers[1])])
  await Promise.all(drivers.map(settled))
  expect(front.served.get('/api/v1/sync') ?? 0).toBe(directly)
  expect(front.served.get('/api/v1/parcels')).toBeGreaterThan(1)
  expect([one, other].map(({ panel }) => panel?.state?.uplink)).toEqual(['online', 'online'])
  await proof(cloud)

  await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    revokeGrant(cloud, tx, drivers[0].serial, cloud.clock.nowS() + 86_400, 'lost'),
  )
  // Both ask for news, as they do every minute anyway; what was under way already may have missed them.
  const ask = async (): Promise<boolean> => {
    await Promise.all([one, other].map((charger) => charger.ownLine(false)))
    return (await chargersThatHeard()) === 2
  }
  await eventually(ask, `both logs to say that they have heard; ${gateway.running?.output()}`, 300)
  expect(await other.refusalOf(drivers[0])).toBe('grant.revoked')
})

test('what is sold while the line is cut is kept through SIGKILL, and settles when the line is back', async () => {
  const [one] = chargers as [YardCharger]
  front.isCut = true
  const driver = await phone()
  const stopCode = await one.begin(driver)
  await keeps(1)
  await gateway.kill()
  await one.end(stopCode)
  await gateway.start()
  expect((await gateway.health()).kept).toBeGreaterThan(0)
  front.isCut = false
  await one.ownLine(false)
  await settled(driver)
  await proof(cloud)
})

test('a new gateway without a memory is given everything again', async () => {
  const [one, other] = chargers as [YardCharger, YardCharger]
  front.isCut = true
  const driver = await phone()
  await one.sell(driver)
  await keeps(1)
  await gateway.kill()
  for (const file of readdirSync(gateway.dataFolder))
    if (file.startsWith('parcels.db')) rmSync(join(gateway.dataFolder, file))
  await gateway.start()
  expect((await gateway.health()).kept).toBe(0)
  await Promise.all([one, other].map((charger) => charger.ownLine(false)))
  await keeps(1)
  front.isCut = false
  await settled(driver)
  await proof(cloud)
})

test('a charger with a line of its own uses it while the gateway is dead, and goes back', async () => {
  const [one] = chargers as [YardCharger]
  await gateway.kill()
  const before = front.served.get('/api/v1/sync') ?? 0
  const driver = await phone()
  await one.sell(driver)
  await one.ownLine(true)
  await settled(driver)
  expect(front.served.get('/api/v1/sync')).toBeGreaterThan(before)
  await gateway.start()
  const parcels = front.served.get('/api/v1/parcels') ?? 0
  await one.ownLine(true)
  await eventually(
    () => Promise.resolve((front.served.get('/api/v1/parcels') ?? 0) > parcels),
    'a parcel again',
  )
})

test('a gateway that dies while the operator answers sends the same again, and money moves once', async () => {
  const [, other] = chargers as [YardCharger, YardCharger]
  const driver = await phone()
  let deaths = 0
  front.afterParcel = async () => {
    deaths += 1
    front.afterParcel = undefined
    await gateway.kill()
  }
  await other.sell(driver)
  await eventually(() => Promise.resolve(deaths === 1), 'the death of the gateway')
  await gateway.start()
  await other.ownLine(false)
  await settled(driver)
  await proof(cloud)
})
