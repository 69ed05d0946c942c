/** Takes in what phones and chargers bring, and gives back to owners what their grants left over. */

import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { toBase64Url, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { currencyCode, deviceId, grantSerial, type GrantSerial } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { minorUnits } from '@/lib/core/units'
import { signMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { hashLength } from '@/lib/log/hash'
import type { ReportResponse, SyncResponse } from '../api-types'
import type { Cloud } from '../context'
import { inTenant, type TenantTransaction } from '../database/connection'
import { trustOf, trustResponse } from '../issuance/queries'
import { ownerAccount, receivableAccount, reserveAccount, revenueAccount } from '../ledger/accounts'
import { postTransfers } from '../ledger/commands'
import { lockedBalancesOf } from '../ledger/queries'
import type { Transfer } from '../ledger/transfer'
import { outcomeOf, putIntoInbox, waitingItems, workOn, type ItemOutcome } from './inbox'
import { quarantine } from './quarantine'
import { sessionStates } from './queries'
import { openBundle } from './read-bundle'
import { parseReport, readReport } from './read-report'
import { rememberedVerify } from './remembered-verify'

/** How long an upload waits for its own item when another process works on it. */
const waitMaxMs = 15_000
const waitStepMs = 50

/** Beside `device.gap` and `device.fork`: what is held of the log, so that the device can find out what happened. */
export interface SyncRefusal extends Refusal {
  readonly acknowledgement?: string
}

/** A charger's bundle, acknowledged from what is committed. Safe to send any number of times. */
export async function receiveBundle(cloud: Cloud, bytes: Bytes): Promise<Result<SyncResponse, SyncRefusal>> {
  if (bytes.length > limits.bundleBytesMax) return err(refusal('api.too-large'))
  const welcome = await inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const trust = await trustOf(cloud, tx)
    const context = { trust: trust.list, verify: rememberedVerify(cloud.verify), nowS: cloud.clock.nowS() }
    const opened = openBundle(bytes, context)
    if (!opened.ok)
      await quarantine(cloud, tx, 'stranger', [{ what: 'bundle', code: opened.error.code, bytes }])
    return opened
  })
  if (!welcome.ok) return welcome
  const outcome = await process(cloud, 'bundle', bytes)
  if (!outcome.ok) return outcome
  if (outcome.value.kind !== 'bundle') return err(refusal('api.internal'))
  const { device, epoch, refused } = outcome.value
  return inTenant(cloud.db, cloud.config.tenant, async (tx): Promise<Result<SyncResponse, SyncRefusal>> => {
    const signed = toBase64Url(await acknowledgeLog(cloud, tx, device, epoch))
    if (refused !== undefined) return err({ ...refused, acknowledgement: signed })
    const { trustList, revocations, policy } = await trustResponse(cloud, tx)
    return ok({ acknowledgement: signed, trustList, revocations, policy })
  })
}

/** A phone's report. Needs no sign-in: the evidence is signed, and somebody else may carry it. */
export async function receiveReport(cloud: Cloud, json: unknown): Promise<Result<ReportResponse, Refusal>> {
  const chains = parseReport(json)
  if (!chains.ok) return chains
  const welcome = await inTenant(
    cloud.db,
    cloud.config.tenant,
    async (tx): Promise<Result<undefined, Refusal>> => {
      const trust = await trustOf(cloud, tx)
      const context = { trust: trust.list, verify: rememberedVerify(cloud.verify), nowS: cloud.clock.nowS() }
      const read = readReport(chains.value, cloud.config.currency, context)
      if (read.grants.length > 0 || chains.value.length === 0) return ok(undefined)
      await quarantine(cloud, tx, 'stranger', read.refused)
      return err(refusal(read.refused[0]?.code ?? 'api.malformed'))
    },
  )
  if (!welcome.ok) return welcome
  const outcome =
    chains.value.length === 0
      ? ok({ kind: 'report', serials: [], sessionIds: [], refused: [] } as const)
      : await process(cloud, 'report', utf8(JSON.stringify(json)))
  if (!outcome.ok) return outcome
  const report = outcome.value
  if (report.kind !== 'report') return err(refusal('api.internal'))
  return inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { revocations } = await trustResponse(cloud, tx)
    const acknowledgements: string[] = []
    for (const serial of report.serials) {
      acknowledgements.push(toBase64Url(await acknowledgeChain(cloud, tx, grantSerial(serial))))
    }
    const sessions = await sessionStates(tx, cloud.config.tenant, report.sessionIds)
    const refused = report.refused.map(({ what, code }) => ({ what, code: code as ReasonCode }))
    return ok({ acknowledgements, sessions, refused, revocations })
  })
}

/** Works through what waits: uploads whose process died, and those left to workers. Gives how many it did. */
export async function processWaiting(cloud: Cloud, countMax = 32): Promise<number> {
  let done = 0
  for (const itemId of await waitingItems(cloud, countMax)) {
    const worked = await workOn(cloud, itemId).catch(() => false)
    if (worked) done += 1
  }
  return done
}

/** Writes the upload down, then works on it here, unless workers of their own do that. */
async function process(
  cloud: Cloud,
  kind: 'bundle' | 'report',
  bytes: Bytes,
): Promise<Result<ItemOutcome, Refusal>> {
  const itemId = await putIntoInbox(cloud, kind, bytes)
  if (cloud.config.runsWorker) await workOn(cloud, itemId).catch(() => false)
  const deadlineMs = cloud.clock.monotonicMs() + waitMaxMs
  for (;;) {
    const outcome = await outcomeOf(cloud, itemId)
    if (outcome?.kind === 'refused') return err(outcome.refusal)
    if (outcome !== undefined) return ok(outcome)
    // It is safe on disk and will be processed; only the acknowledgement has to be asked for again.
    if (cloud.clock.monotonicMs() > deadlineMs) return err(refusal('api.unreachable'))
    await wait(waitStepMs)
  }
}

async function acknowledgeLog(
  cloud: Cloud,
  tx: TenantTransaction,
  device: string,
  epoch: number,
): Promise<Bytes> {
  const log = await tx
    .selectFrom('device_logs')
    .select(['size', 'root'])
    .where('tenant', '=', cloud.config.tenant)
    .where('device', '=', device)
    .where('epoch', '=', epoch)
    .executeTakeFirstOrThrow()
  return sign(cloud, device, epoch, log.size, log.root)
}

/** A wallet's chain is acknowledged up to the last seq before the first gap. */
async function acknowledgeChain(cloud: Cloud, tx: TenantTransaction, serial: GrantSerial): Promise<Bytes> {
  const rows = await tx
    .selectFrom('charging_sessions')
    .select('seq')
    .where('tenant', '=', cloud.config.tenant)
    .where('serial', '=', serial)
    .execute()
  const seqs = new Set(rows.map(({ seq }) => seq))
  let size = 0
  while (seqs.has(size + 1)) size += 1
  return sign(cloud, serial, 0, size, toHex(new Uint8Array(hashLength)))
}

async function sign(cloud: Cloud, device: string, epoch: number, size: number, root: string): Promise<Bytes> {
  const timeS = cloud.clock.nowS()
  const signed = await signMessage(
    acknowledgement,
    { device: deviceId(device), epoch, size, root, timeS },
    cloud.issuer,
  )
  return signed.bytes
}

const releasesPerCall = 100

/**
 * Grants whose holds have outlived them by the time that the policy gives: open holds end, and the credit that is left
 * goes back to its owner, first against what it owes. Amounts in dispute stay until their case is decided.
 */
export async function releaseDueReserves(cloud: Cloud): Promise<number> {
  const { tenant } = cloud.config
  const nowS = cloud.clock.nowS()
  return inTenant(cloud.db, tenant, async (tx) => {
    const due = await tx
      .selectFrom('reserves')
      .select('serial')
      .where('tenant', '=', tenant)
      .where('released_at_s', 'is', null)
      .where('release_after_s', '<', nowS)
      .orderBy('serial')
      .limit(releasesPerCall)
      .execute()
    if (due.length === 0) return 0
    const serials = due.map(({ serial }) => serial)
    const open = await sql<{ session_id: string; serial: string; hold_minor: number; currency: string }>`
      select session_id, serial, hold_minor, currency from charging_sessions
      where tenant = ${tenant} and serial = any(${serials}::text[]) and hold_state = 'open'
      order by session_id collate "C" for update`.execute(tx)
    const reserves = await sql<{ serial: string; owner: string; currency: string }>`
      select serial, owner, currency from reserves
      where tenant = ${tenant} and serial = any(${serials}::text[]) and released_at_s is null
      order by serial collate "C" for update`.execute(tx)
    const transfers: Transfer[] = open.rows.map((session) => ({
      reference: session.session_id,
      kind: 'void',
      effect: 'void-pending',
      resolves: { reference: session.session_id, kind: 'hold' },
      debit: reserveAccount(grantSerial(session.serial)),
      credit: revenueAccount,
      currency: currencyCode(session.currency),
      amountMinor: minorUnits(session.hold_minor),
      reason: 'grant-ended',
      author: 'operator',
    }))
    const heldBySerial = new Map<string, number>()
    for (const { serial, hold_minor: hold } of open.rows)
      heldBySerial.set(serial, (heldBySerial.get(serial) ?? 0) + hold)
    transfers.push(...(await releaseTransfers(cloud, tx, reserves.rows, heldBySerial)))
    const posted = await postTransfers(tx, tenant, transfers)
    if (!posted.ok) throw new Error(`Reserves cannot be released: ${JSON.stringify(posted.error)}`)
    await sql`
      update charging_sessions set hold_state = 'resolved'
      where tenant = ${tenant} and session_id = any(${open.rows.map((session) => session.session_id)}::text[])`.execute(
      tx,
    )
    await sql`
      update reserves set released_at_s = ${nowS}::bigint
      where tenant = ${tenant} and serial = any(${reserves.rows.map(({ serial }) => serial)}::text[])`.execute(
      tx,
    )
    return reserves.rows.length
  })
}

async function releaseTransfers(
  cloud: Cloud,
  tx: TenantTransaction,
  reserves: readonly { readonly serial: string; readonly owner: string; readonly currency: string }[],
  heldBySerial: ReadonlyMap<string, number>,
): Promise<readonly Transfer[]> {
  const { tenant, currency } = cloud.config
  const accounts = reserves.flatMap(({ serial, owner }) => {
    const payer = ownerAccount(owner)
    return [reserveAccount(grantSerial(serial)), payer, receivableAccount(payer)]
  })
  const balances = await lockedBalancesOf(tx, tenant, accounts, currency)
  const owed = new Map(
    reserves.map(({ owner }) => [
      owner,
      -(balances.get(receivableAccount(ownerAccount(owner)))?.postedMinor ?? 0),
    ]),
  )
  const transfers: Transfer[] = []
  for (const { serial, owner } of reserves) {
    const payer = ownerAccount(owner)
    const reserve = reserveAccount(grantSerial(serial))
    const balance = balances.get(reserve)
    const disputed = (balance?.pendingMinor ?? 0) - (heldBySerial.get(serial) ?? 0)
    const amount = (balance?.postedMinor ?? 0) - disputed
    if (amount <= 0) continue
    const base = {
      reference: serial,
      currency,
      effect: 'post',
      reason: 'grant-ended',
      author: 'operator',
    } as const
    transfers.push({
      ...base,
      kind: 'release',
      debit: reserve,
      credit: payer,
      amountMinor: minorUnits(amount),
    })
    const recovered = Math.min(amount, owed.get(owner) ?? 0)
    if (recovered <= 0) continue
    owed.set(owner, (owed.get(owner) ?? 0) - recovered)
    const receivable = receivableAccount(payer)
    transfers.push({
      ...base,
      kind: 'recover',
      debit: payer,
      credit: receivable,
      amountMinor: minorUnits(recovered),
    })
  }
  return transfers
}
