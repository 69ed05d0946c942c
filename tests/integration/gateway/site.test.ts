/**
 * The site's reserve, its spent-list and its news, with real processes: two kiosks with their virtual chargers and the
 * gateway between them. Grants of the site are signed by the real cloud's issuer.
 */

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentNames } from '@/lib/cloud/config'
import type { Cloud } from '@/lib/cloud/context'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { registerCharger } from '@/lib/cloud/operator/commands'
import { runningCloud, stopRunningCloud } from '@/lib/cloud/running-cloud'
import { toHex } from '@/lib/core/bytes'
import { grantSerial, siteId, type GrantSerial } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { envelopeFromText, envelopeToText } from '@/lib/protocol/envelope'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import { offer } from '@/lib/protocol/messages/offer'
import { revocationDelta, shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import { revocations } from '@/lib/protocol/messages/revocations'
import { encodeNewsItem } from '@/lib/protocol/news-item'
import { freePort } from '../../fixtures/free-port'
import { freshSigner, type TestPhone } from '../../fixtures/session-actors'
import { bytesOf, openAccount, Phone } from '../cloud/world'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { CloudFront } from './cloud-front'
import { eventually, GatewayProcess, MuteLine, YardCharger } from './yard'

const site = 'kinross'
/** Above what strangers may hold, which is 15.00. */
const highMinor = 4_000

let database: TestDatabase
let folder: string
let cloud: Cloud
let front: CloudFront
let gateway: GatewayProcess
let line: MuteLine
let one: YardCharger
let other: YardCharger

beforeAll(async () => {
  database = await openTestDatabase()
  folder = mkdtempSync(join(tmpdir(), 'outpost-site-'))
  process.env[environmentNames.databaseUrl] = database.url
  process.env[environmentNames.dataFolder] = folder
  process.env[environmentNames.demo] = '1'
  cloud = await runningCloud()
  front = await CloudFront.open()
  const { root } = await currentTrust(cloud)
  const ports = { port: await freePort(), dashboardPort: await freePort() }
  const place = { folder, site, cloudOrigin: front.origin, root, reserve: { chargers: 2 }, ...ports }
  gateway = new GatewayProcess(place)
  const pin = await gateway.start()
  line = await MuteLine.open(ports.port)
  const open = async (id: string, url: string): Promise<YardCharger> => {
    const setup = { chargerId: id, siteId: site, siteLabel: 'Kinross Services', bayLabel: id }
    const { enrolmentCode: code } = await registerCharger(cloud, setup)
    const charger = await YardCharger.start({
      ...{ folder, id, code, cloudOrigin: front.origin, gateway: { url, pin } },
    })
    await charger.ownLine(false)
    return charger
  }
  ;[one, other] = await Promise.all([open('KIN-01', line.url), open('KIN-02', gateway.url)])
  // They have agreed on the time. Without the cloud from here on: everything below is between the chargers of one yard.
  const isOnline = ({ panel }: YardCharger): boolean => panel?.state?.uplink === 'online'
  await eventually(
    () => Promise.resolve([one, other].every(isOnline)),
    'two chargers that have heard the operator',
  )
  front.isCut = true
  await isWhole()
})
afterAll(async () => {
  for (const charger of [one, other]) charger.stop()
  await gateway.kill()
  line.close()
  await front.close()
  await stopRunningCloud()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const isWhole = () =>
  eventually(
    async () => (await gateway.figure('reserve_whole')) === 1,
    `a gateway that was told everything; ${gateway.running?.output()}`,
  )

let serials = 0

/** As an issuer would bind it to this site. */
async function atHome(): Promise<TestPhone> {
  const base = (await Phone.withGrant(cloud, await openAccount(cloud, 30_000), 10_000)).grant.payload
  const signer = freshSigner()
  serials += 1
  const payload = {
    ...{ ...base, serial: serialOf(serials), deviceKey: signer.publicKey, sites: [siteId(site)] },
    ...{ capMinor: minorUnits(10_000), sessionCapMinor: minorUnits(6_000) },
  }
  return Phone.holding((await signMessage(grant, payload, cloud.issuer)).bytes, signer)
}

const serialOf = (count: number): GrantSerial =>
  grantSerial(toHex(new Uint8Array([...new TextEncoder().encode('site'), 0, 0, count >> 8, count & 255])))

test('a grant of the site is held above what strangers may, at either bay, and its copy is frozen at the second', async () => {
  const driver = await atHome()
  const copy = driver.clone()
  const stopCode = await one.begin(driver, highMinor)
  expect(await gateway.figure('reserves_held_total')).toBe(1)
  expect(await other.refusalOf(copy, highMinor)).toBe('grant.frozen')
  expect(await gateway.figure('book_frozen_grants')).toBe(1)
  await one.end(stopCode)
  // The receipt is at the gateway as well: what is over stands in place of what was held.
  await other.end(await other.begin(await atHome(), highMinor))
  expect(await gateway.figure('reserves_held_total')).toBe(2)
})

test('without its gateway the site sells by the caps, and a double spend costs no more than those', async () => {
  await gateway.kill()
  const driver = await atHome()
  expect(await one.refusalOf(driver.clone(), highMinor)).toBe('hold.first-seen')
  const fresh = await atHome()
  const copy = fresh.clone()
  const stopCode = await one.begin(fresh, 1_500)
  const otherCode = await other.begin(copy, 1_500)
  await one.end(stopCode)
  await other.end(otherCode)
  await gateway.start()
  await isWhole()
  // Both bays told the new run what they had sold, and it froze the grant by that.
  expect(await gateway.figure('book_frozen_grants')).toBe(2)
  expect(await one.refusalOf(fresh, 100)).toBe('grant.frozen')
  expect(await other.refusalOf(copy, 100)).toBe('grant.frozen')
})

test('a gateway that dies after it has entered a spend and before it says so has it after the restart', async () => {
  await isWhole()
  const before = await gateway.figure('book_spends')
  const driver = await atHome()
  const copy = driver.clone()
  line.isMute = true
  expect(await one.refusalOf(driver, highMinor)).toBe('hold.first-seen')
  await gateway.kill()
  line.isMute = false
  await gateway.start()
  expect(await gateway.figure('book_spends')).toBe(before + 1)
  await isWhole()
  expect(await other.refusalOf(copy, highMinor)).toBe('grant.frozen')
})

test('a new gateway without a memory is taught by its chargers, and gives no seq twice', async () => {
  const driver = await atHome()
  const copy = driver.clone()
  await one.end(await one.begin(driver, highMinor))
  const [spends, frozen] = [await gateway.figure('book_spends'), await gateway.figure('book_frozen_grants')]
  await gateway.kill()
  for (const file of readdirSync(gateway.dataFolder))
    if (file.startsWith('book.db')) rmSync(join(gateway.dataFolder, file))
  await gateway.start()
  await isWhole()
  expect(await gateway.figure('book_spends')).toBe(spends)
  expect(await gateway.figure('book_frozen_grants')).toBe(frozen)
  expect(await other.refusalOf(copy, highMinor)).toBe('grant.frozen')
})

test('a revocation that a phone brings to one bay is known at the next within 200 ms', async () => {
  await isWhole()
  await other.plug()
  const list = parseMessage(revocations, bytesOf((await currentTrust(cloud)).revocations))
  let { epoch } = expectOk(list, 'the list').payload
  const { operator } = expectOk(list, 'the list').payload
  const took: number[] = []
  for (let count = 0; count < 60; count += 1) {
    const step = {
      ...{ operator, fromEpoch: epoch, epoch: epoch + 1, timeS: cloud.clock.nowS() },
      added: [shortIdOf(serialOf(1_000 + count))],
    }
    epoch += 1
    const { bytes: message } = await signMessage(revocationDelta, step, cloud.issuer)
    const parts = [encodeNewsItem({ kind: 'revocation-delta', message })]
    const startMs = performance.now()
    one.panel?.say({ type: 'scanned', connectorId: 1, text: envelopeToText({ kind: 'news', parts }) })
    // The next bay makes its offer anew as soon as it refuses what was revoked.
    const deadlineMs = startMs + 10_000
    while (offeredEpoch() < epoch && performance.now() < deadlineMs)
      await new Promise((resolve) => setImmediate(resolve))
    took.push(performance.now() - startMs)
  }
  await other.leave()
  const sorted = took.toSorted((left, right) => left - right)
  const at = (share: number): number => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  process.stdout.write(`news within the site: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms\n`)
  expect(at(0.5)).toBeLessThan(200)
  expect(at(0.95)).toBeLessThan(1_000)
})

function offeredEpoch(): number {
  const phase = other.panel?.phase
  if (phase?.kind !== 'offering') return 0
  const [bytes] = expectOk(envelopeFromText(phase.offerCode), 'a code').parts
  return expectOk(parseMessage(offer, bytes ?? new Uint8Array()), 'an offer').payload.revocationEpoch
}
