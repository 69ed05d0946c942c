/** Who may come to a gateway, and how much it takes: the process at one end, real lines of chargers and strangers at the other. */

import { createServer } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { toBytes, type Bytes } from '@/lib/core/bytes'
import {
  chargerId,
  grantSerial,
  mailbox,
  parcelId,
  siteId,
  type GrantSerial,
  type ParcelId,
} from '@/lib/core/ids'
import { expectOk, type Result } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import { signMessage } from '@/lib/protocol/message'
import { certificateSerial, chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { revocationDelta, shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import { trustList } from '@/lib/protocol/messages/trust-list'
import { gatewayLine, type GatewayLine } from '@/lib/roads/gateway-line'
import { newsToWire } from '@/lib/roads/gateway-site-messages'
import { encodeParcel, type ParcelPriority } from '@/lib/sync/parcel'
import { freePort } from '../../fixtures/free-port'
import { issuerSigner, rootSigner, storyOperator } from '../../fixtures/messages'
import { SiteWallet } from '../../fixtures/site-spends'
import { freshSigner } from '../../fixtures/session-actors'
import { GatewayProcess } from './yard'

const nowS = Math.floor(Date.now() / 1_000)
const yearS = 365 * 86_400

let folder: string
let gateway: GatewayProcess
let pin: string
let papersOfTrust: Bytes
const lines: GatewayLine[] = []

beforeAll(async () => {
  const validity = { notBeforeS: epochSeconds(nowS - yearS), notAfterS: epochSeconds(nowS + yearS) }
  const issuers = [{ key: issuerSigner.publicKey, ...validity }]
  const list = { operator: storyOperator, sequence: 1, timeS: epochSeconds(nowS), issuers }
  papersOfTrust = (await signMessage(trustList, list, rootSigner)).bytes
})
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-door-'))
  const dead = `http://127.0.0.1:${await freePort()}`
  gateway = new GatewayProcess({
    ...{ folder, site: 'kinross', cloudOrigin: dead, root: rootSigner.publicKey },
    ...{ port: await freePort(), dashboardPort: await freePort() },
    store: { bytesMax: 5_000_000, chargerBytesMax: 4_500_000 },
  })
  pin = await gateway.start()
})
afterEach(async () => {
  for (const line of lines.splice(0)) line.close()
  await gateway.kill()
  rmSync(folder, { recursive: true, force: true })
})

interface Papers {
  readonly id?: string
  readonly site?: string
  readonly issuer?: Signer
  readonly certified?: Signer
  readonly pins?: readonly string[]
}

async function lineOf({
  id = 'KIN-01',
  site = 'kinross',
  issuer = issuerSigner,
  certified,
  pins,
}: Papers = {}) {
  const signer = freshSigner()
  const certificate = await signMessage(
    chargerCertificate,
    {
      ...{ operator: storyOperator, chargerId: chargerId(id), key: (certified ?? signer).publicKey },
      ...{ siteId: siteId(site), siteLabel: 'Kinross Services', bayLabel: 'A1', capabilities: 1 },
      // Long past: a charger that was away for years finds its way back through this door.
      ...{ notBeforeS: epochSeconds(nowS - 2 * yearS), notAfterS: epochSeconds(nowS - yearS) },
    },
    issuer,
  )
  const papers = {
    chargerId: chargerId(id),
    certificate: certificate.bytes,
    trustList: papersOfTrust,
    signer,
  }
  const line = gatewayLine({ url: gateway.url, pins: pins ?? [pin] }, () => papers)
  lines.push(line)
  serialOf.set(line, certificateSerial(certificate.hash))
  return line
}

const serialOf = new Map<GatewayLine, GrantSerial>()

const ask = (line: GatewayLine, parcel?: Bytes) =>
  line.exchange({ taken: [], withdrawn: [], ...(parcel === undefined ? {} : { parcel }) })

const codeOf = async (asked: Promise<Result<unknown, { readonly code: string }>>): Promise<string> => {
  const answered = await asked
  return answered.ok ? 'ok' : answered.error.code
}

const idOf = (count: number): ParcelId => parcelId(count.toString(16).padStart(32, '0'))

const parcelOf = (count: number, priority: ParcelPriority, sizeBytes = 100): Bytes =>
  encodeParcel({
    label: {
      ...{ id: idOf(count), mailbox: mailbox('b'.repeat(32)), keyId: 'c'.repeat(16), priority },
      ...{ madeAtS: epochSeconds(nowS), lifetimeH: 720 },
    },
    sealed: toBytes(new Uint8Array(sizeBytes)),
  })

test('a charger of the site is let in, and a stranger, another site, a borrowed certificate and a false gateway are not', async () => {
  expect(await codeOf(ask(await lineOf()))).toBe('ok')
  expect(await codeOf(ask(await lineOf({ issuer: freshSigner() })))).toBe('gateway.stranger')
  expect(await codeOf(ask(await lineOf({ site: 'cupar' })))).toBe('gateway.stranger')
  expect(await codeOf(ask(await lineOf({ certified: freshSigner() })))).toBe('gateway.stranger')
  expect(await codeOf(ask(await lineOf({ pins: ['ab'.repeat(32)] })))).toBe('gateway.pin')
})

test('a charger whose certificate was taken back is shown out, and not let in again', async () => {
  const [stolen, other] = [await lineOf({ id: 'KIN-09' }), await lineOf()]
  expect(await codeOf(ask(stolen))).toBe('ok')
  const payload = { operator: storyOperator, fromEpoch: 0, epoch: 1, timeS: epochSeconds(nowS) }
  const added = [shortIdOf(serialOf.get(stolen) ?? grantSerial('0'.repeat(16)))]
  const { bytes: message } = await signMessage(revocationDelta, { ...payload, added }, issuerSigner)
  const news = newsToWire([{ kind: 'revocation-delta', message }])
  expect(await codeOf(other.site({ spends: [], news, isAll: false }))).toBe('ok')
  expect(await codeOf(ask(stolen))).toBe('gateway.stranger')
  expect(await codeOf(stolen.site({ since: 0, spends: [], news: [], isAll: true }))).toBe('gateway.stranger')
  expect(await codeOf(ask(other))).toBe('ok')
})

test('a spend is on the disk and answered before a driver notices', async () => {
  const line = await lineOf()
  const wallets = await Promise.all(Array.from({ length: 60 }, (_, count) => SiteWallet.create(`w${count}`)))
  const spends = await Promise.all(wallets.map((wallet) => wallet.spend()))
  const took: number[] = []
  for (const { proof } of spends) {
    const startMs = performance.now()
    const reserved = expectOk(await line.reserve(proof), 'an answer')
    took.push(performance.now() - startMs)
    // Nobody has said how many chargers stand here.
    expect(reserved).toEqual({ standing: 'absent', cause: 'chargers' })
  }
  const sorted = took.toSorted((left, right) => left - right)
  const at = (share: number): number => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  process.stdout.write(`a spend at the gateway: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms\n`)
  expect(at(0.95)).toBeLessThan(500)
  await gateway.kill()
  await gateway.start()
  expect(await gateway.figure('book_spends')).toBe(60)
})

test('without a token nobody reads a mailbox or fills the disk', async () => {
  const status = await new Promise<number>((resolve, reject) => {
    const asked = httpsRequest(
      `${gateway.url}/v1/exchange`,
      { method: 'POST', rejectUnauthorized: false, headers: { authorization: `Bearer ${'0'.repeat(64)}` } },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    asked.on('error', reject)
    asked.end(parcelOf(1, 'urgent'))
  })
  expect(status).toBe(401)
  expect((await gateway.health()).kept).toBe(0)
})

test('one charger neither sees nor withdraws what another one keeps there', async () => {
  const [one, other] = [await lineOf(), await lineOf({ id: 'KIN-02' })]
  expect(expectOk(await ask(one, parcelOf(1, 'urgent')), 'one')).toMatchObject({
    fate: 'kept',
    held: [idOf(1)],
  })
  const seen = await other.exchange({ taken: [idOf(1)], withdrawn: [idOf(1)] })
  expect(expectOk(seen, 'other').held).toEqual([])
  expect(expectOk(await ask(one), 'one').held).toEqual([idOf(1)])
})

test('what it said it keeps is there after SIGKILL, and a repeat is the same parcel', async () => {
  const line = await lineOf()
  for (const count of [1, 2, 3, 1]) expectOk(await ask(line, parcelOf(count, 'ordinary')), 'kept')
  await gateway.kill()
  await gateway.start()
  expect(expectOk(await ask(line), 'again').held).toEqual([1, 2, 3].map(idOf))
})

test('where it is full the least urgent go first, and what is as urgent as the rest is turned away', async () => {
  const line = await lineOf()
  const half = 2_000_000
  const fateOf = async (count: number, priority: ParcelPriority) =>
    expectOk(await ask(line, parcelOf(count, priority, half)), 'asked')
  await fateOf(1, 'later')
  await fateOf(2, 'ordinary')
  expect(await fateOf(3, 'later')).toMatchObject({ fate: 'full', held: [idOf(1), idOf(2)] })
  expect(await fateOf(4, 'urgent')).toMatchObject({ fate: 'kept', held: [idOf(2), idOf(4)] })
  expect(await fateOf(5, 'urgent')).toMatchObject({ fate: 'kept', held: [idOf(4), idOf(5)] })
  expect(await fateOf(6, 'urgent')).toMatchObject({ fate: 'full', held: [idOf(4), idOf(5)] })
})

test('a charger that asks without end is told to slow down, and others are not', async () => {
  const [one, other] = [await lineOf(), await lineOf({ id: 'KIN-02' })]
  const codes: string[] = []
  for (let count = 0; count < 160 && codes.at(-1) !== 'api.rate-limited'; count += 1)
    codes.push(await codeOf(ask(one)))
  expect(codes.at(-1)).toBe('api.rate-limited')
  expect(await codeOf(ask(other))).toBe('ok')
})

test('rubbish for a store and a missing cloud do not stop it: it starts anew and keeps what comes', async () => {
  await gateway.kill()
  writeFileSync(join(gateway.dataFolder, 'parcels.db'), 'no database')
  await gateway.start()
  expect(expectOk(await ask(await lineOf(), parcelOf(1, 'urgent')), 'kept').fate).toBe('kept')
})

test('a wrong setting and a busy port each end it with a plain sentence', async () => {
  const busy = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => busy.once('listening', resolve))
  const { port } = busy.address() as AddressInfo
  const place = { folder, site: 'kinross', cloudOrigin: 'http://127.0.0.1:9', port, dashboardPort: 0 }
  const twin = new GatewayProcess({ ...place, root: rootSigner.publicKey })
  await expect(twin.start()).rejects.toThrow(`${port}`)
  expect((await twin.running?.ended)?.code).toBe(1)
  const mistaken = new GatewayProcess({ ...place, root: 'short' })
  await expect(mistaken.start()).rejects.toThrow('cloud.root must be 64 lower-case hex digits')
  busy.close()
})
