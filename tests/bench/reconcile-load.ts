/**
 * What the reconcile bench works through: an operator on a database of its own, with grants whose credit is reserved,
 * and one bundle of finished sessions for each of many chargers, all signed with keys of their own. The sessions of
 * one grant lie at different chargers, as drivers leave them.
 */

import { sql } from 'kysely'
import { concat, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { EUR } from '@/lib/core/currency'
import {
  chargerId,
  deviceId,
  grantSerial,
  messageHash,
  nonce,
  sessionId,
  siteId,
  type MessageHash,
} from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { addSeconds, epochSeconds, minorUnits, seconds, wattHours } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import { nodeSigner } from '@/lib/crypto/node'
import type { Signer } from '@/lib/crypto/signature'
import { appendLeaves, emptyFrontier, rootOf } from '@/lib/log/frontier'
import { leafHash } from '@/lib/log/hash'
import { encodeJournalEvent } from '@/lib/protocol/journal-event'
import { signMessage, type ParsedMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import type { Grant } from '@/lib/protocol/messages/grant'
import { offer } from '@/lib/protocol/messages/offer'
import { receipt } from '@/lib/protocol/messages/receipt'
import { encodeBundle } from '@/lib/sync/bundle'
import { billFor } from '@/lib/tariff/rate'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { signGrant } from '@/lib/cloud/issuance/grants'
import { cardClearingAccount, reserveAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { postTransfers } from '@/lib/cloud/ledger/commands'
import { testTariff } from '../fixtures/session-actors'

const sessionsPerGrant = 8
const walletsPerTown = 100
export const sessionsPerCharger = walletsPerTown
const sessionsPerTown = walletsPerTown * sessionsPerGrant
const capMinor = minorUnits(10_000)
const holdMinor = minorUnits(1_000)
const energyWh = wattHours(10_000)
/** 10 kWh at 0.49: what every session of the load must come to, tax included. */
export const sessionTotalMinor = 490

/** What the wallets signed, for the verify-only ceiling. */
export interface SignedConsent {
  readonly key: string
  readonly message: Bytes
  readonly signature: Bytes
}

/** Numbered seeds: keys that no two parts of a load share, and no random source to wait for. */
const signerOf = (role: string, index: number): Signer => nodeSigner(sha256(utf8(`${role} ${index}`)))

interface Wallet {
  readonly signer: Signer
  readonly grant: ParsedMessage<Grant>
  last: ParsedMessage<Authorization> | undefined
}

/** Which part of the load a process signs: every `of`-th town from the `share`-th. */
export interface LoadShare {
  readonly sessions: number
  readonly share: number
  readonly of: number
}

/** Fills the database with its share of the towns; gives how many sessions that were. `signed` hears each consent. */
export async function loadSessions(
  cloud: Cloud,
  { sessions, share, of }: LoadShare,
  signed: (consent: SignedConsent) => void,
): Promise<number> {
  let done = 0
  for (let town = share; town * sessionsPerTown < sessions; town += of) {
    const start = town * sessionsPerTown
    const end = Math.min(start + sessionsPerTown, sessions)
    // Drivers of one town meet each of its chargers once, so that each chain spreads over eight logs.
    const wallets = await openWallets(cloud, start / sessionsPerGrant)
    for (let first = start; first < end; first += sessionsPerCharger) {
      const visitors = wallets.slice(0, end - first)
      await fillCharger(cloud, first / sessionsPerCharger, visitors, signed)
    }
    done += end - start
  }
  return done
}

async function openWallets(cloud: Cloud, firstIndex: number): Promise<readonly Wallet[]> {
  const notAfterS = addSeconds(cloud.clock.nowS(), 7 * 86_400)
  const wallets: Wallet[] = []
  for (let index = firstIndex; index < firstIndex + walletsPerTown; index += 1) {
    const serial = grantSerial(toHex(sha256(utf8(`grant ${index}`)).subarray(0, 8)))
    const signer = signerOf('wallet', index)
    const terms = { serial, deviceKey: signer.publicKey, holder: `driver-${index}`, currency: EUR, capMinor }
    const more = {
      ...{ sessionCapMinor: capMinor, spendsMax: sessionsPerGrant, notAfterS },
      keyProtection: 'platform',
    } as const
    wallets.push({ signer, grant: await signGrant(cloud, { ...terms, ...more }), last: undefined })
  }
  await inTenant(cloud.db, cloud.config.tenant, (tx) => bookGrants(cloud, tx, wallets, notAfterS))
  return wallets
}

async function bookGrants(
  cloud: Cloud,
  tx: Parameters<typeof postTransfers>[0],
  wallets: readonly Wallet[],
  notAfterS: number,
): Promise<void> {
  const { tenant } = cloud.config
  const base = {
    currency: EUR,
    effect: 'post',
    amountMinor: capMinor,
    reason: 'bench',
    author: 'bench',
  } as const
  const posted = await postTransfers(
    tx,
    tenant,
    wallets.flatMap(({ grant: { payload } }) => {
      const owner = walletAccount(payload.pseudonym)
      return [
        { ...base, reference: payload.serial, kind: 'top-up', debit: cardClearingAccount, credit: owner },
        {
          ...base,
          reference: payload.serial,
          kind: 'reserve',
          debit: owner,
          credit: reserveAccount(payload.serial),
        },
      ] as const
    }),
  )
  expectOk(posted, 'credit')
  await tx
    .insertInto('grants')
    .values(
      wallets.map(({ grant: { payload, bytes } }) => ({
        ...{ tenant, serial: payload.serial, owner: walletAccount(payload.pseudonym), account_id: null },
        ...{
          device_key: payload.deviceKey,
          currency: EUR,
          cap_minor: capMinor,
          spends_max: sessionsPerGrant,
        },
        ...{ not_after_s: notAfterS, issued_at_s: cloud.clock.nowS(), bytes: Buffer.from(bytes) },
      })),
    )
    .execute()
  await tx
    .insertInto('reserves')
    .values(
      wallets.map(({ grant: { payload } }) => ({
        ...{ tenant, serial: payload.serial, owner: walletAccount(payload.pseudonym), currency: EUR },
        ...{ release_after_s: notAfterS + 30 * 86_400, released_at_s: null },
      })),
    )
    .execute()
}

async function fillCharger(
  cloud: Cloud,
  index: number,
  visitors: readonly Wallet[],
  hear: (consent: SignedConsent) => void,
): Promise<void> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  const id = `BENCH-${index}`
  const signer = signerOf('charger', index)
  const certificate = await certify(cloud, id, signer)
  const events: Bytes[] = []
  let previous = messageHash('0'.repeat(32))
  for (const [at, wallet] of visitors.entries()) {
    const told = await tellSession({ wallet, signer, nowS, counter: at + 1, previous })
    previous = told.receiptHash
    hear(told.consent)
    events.push(...told.events)
  }
  const { frontier } = appendLeaves(emptyFrontier, events.map(leafHash))
  const head = { device: deviceId(id), epoch: 1, size: events.length, root: toHex(rootOf(frontier)) }
  const signed = await signMessage(checkpoint, { ...head, timeS: epochSeconds(nowS + 3_600) }, signer)
  const bytes = encodeBundle({
    checkpoint: signed.bytes,
    certificate,
    frontier: emptyFrontier,
    events,
  })
  await inTenant(cloud.db, tenant, async (tx) => {
    const site = { tenant, site_id: 'bench', label: 'Bench' }
    await tx
      .insertInto('sites')
      .values(site)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const charger = { tenant, charger_id: id, site_id: 'bench', bay_label: 'Bay', created_at_s: nowS }
    await tx.insertInto('chargers').values(charger).execute()
    const validity = { not_before_s: nowS - 86_400, not_after_s: nowS + 365 * 86_400 }
    await tx
      .insertInto('charger_certificates')
      .values({ tenant, charger_id: id, key: signer.publicKey, ...validity, bytes: Buffer.from(certificate) })
      .execute()
    const itemId = toHex(sha256(concat(utf8('bundle '), bytes)))
    await sql`
      insert into inbox (tenant, item_id, kind, bytes, state, received_at_s)
      values (${tenant}, ${itemId}, 'bundle', ${Buffer.from(bytes)}, 'waiting', ${nowS})`.execute(tx)
  })
}

async function certify(cloud: Cloud, id: string, signer: Signer): Promise<Bytes> {
  const nowS = cloud.clock.nowS()
  const signed = await signMessage(
    chargerCertificate,
    {
      ...{ operator: cloud.config.tenant, chargerId: chargerId(id), key: signer.publicKey },
      ...{ siteId: siteId('bench'), siteLabel: 'Bench', bayLabel: 'Bay', capabilities: 1 },
      ...{ notBeforeS: addSeconds(nowS, -86_400), notAfterS: addSeconds(nowS, 365 * 86_400) },
    },
    cloud.issuer,
  )
  return signed.bytes
}

interface Visit {
  readonly wallet: Wallet
  readonly signer: Signer
  readonly nowS: number
  readonly counter: number
  readonly previous: MessageHash
}

async function tellSession({ wallet, signer, nowS, counter, previous }: Visit) {
  const timeS = epochSeconds(nowS)
  const before = wallet.last
  const offered = await signMessage(
    offer,
    {
      nonce: nonce(toHex(sha256(utf8(`${signer.publicKey} ${counter}`)).subarray(0, 8))),
      ...{ connectorId: 1, timeS, clockQuality: 'synchronised', timeToLiveS: 300, tariff: testTariff },
      ...{ maximumHoldMinor: holdMinor, revocationEpoch: 0, policySequence: 1, roads: 0 },
    },
    signer,
  )
  const authorized = await signMessage(
    authorization,
    {
      offerHash: offered.hash,
      ...{ holdMinor, seq: (before?.payload.seq ?? 0) + 1, previous: before?.hash ?? wallet.grant.hash },
      grossMinor: minorUnits((before?.payload.grossMinor ?? 0) + holdMinor),
      releasedMinor: minorUnits((before?.payload.seq ?? 0) * (holdMinor - sessionTotalMinor)),
      ...{ timeS, revocationEpoch: 0, grantHash: wallet.grant.hash },
    },
    wallet.signer,
  )
  wallet.last = authorized
  const id = sessionId(authorized.hash)
  const answered = await signMessage(answer, { sessionId: id, verdict: 'accepted', timeS }, signer)
  const usage = { energyWh, chargingS: seconds(1_800), idleS: seconds(0) }
  const bill = billFor(testTariff, usage, holdMinor)
  const final = await signMessage(
    receipt,
    {
      ...{
        sessionId: id,
        counter,
        previous,
        meterStartWh: wattHours(0),
        meterStopWh: energyWh,
        startS: timeS,
      },
      ...{ chargingS: usage.chargingS, idleS: usage.idleS, currency: EUR, totalMinor: bill.totalMinor },
      ...{
        lines: bill.lines,
        taxMinor: bill.taxMinor,
        stopReason: 'unplugged',
        clockQuality: 'synchronised',
      },
      checkpointHash: messageHash('0'.repeat(32)),
    },
    signer,
  )
  return {
    receiptHash: final.hash,
    consent: {
      key: wallet.signer.publicKey,
      message: authorized.signedBytes,
      signature: authorized.signature,
    },
    events: [
      encodeJournalEvent({
        ...{ kind: 'accepted', timeS, connectorId: 1, offer: offered.bytes, authorization: authorized.bytes },
        ...{ grant: wallet.grant.bytes, answer: answered.bytes },
      }),
      encodeJournalEvent({ kind: 'ended', timeS, sessionId: id, receipt: final.bytes }),
    ],
  }
}
