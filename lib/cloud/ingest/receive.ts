/** Takes in what phones and chargers bring, on whatever store the reconciler stands. */

import { setTimeout as wait } from 'node:timers/promises'
import { toBase64Url, toHex, utf8, type Bytes } from '@/lib/core/bytes'
import { deviceId, grantSerial, type GrantSerial } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { refusal, type Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { hashLength } from '@/lib/log/hash'
import { signMessage } from '@/lib/protocol/message'
import { acknowledgement, type Acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { decodeBundle } from '@/lib/sync/bundle'
import { coversRange, toPairs, type SeqRange } from '@/lib/sync/held-ranges'
import type { ReportResponse } from '../api-types/wallet'
import type { SyncResponse } from '../api-types/devices'
import { rangesOfPieces } from './early-pieces'
import { lackingPieces } from './lacking-pieces'
import { outcomeOf, putIntoInbox, workOn, workOnOldest } from './inbox'
import { openBundle } from './read-bundle'
import { parseReport, readReport, reportToKeep, type ReportTeller } from './read-report'
import type { Reconciler } from './reconciler'
import { rememberedVerify } from './remembered-verify'
import type { HeldLog, ItemKind, ItemOutcome, LogKey, ReconcileTransaction } from './store'

/** How long an upload waits for its own item when another process works on it. */
const waitMaxMs = 15_000
const waitStepMs = 50

/** Beside `device.gap` and `device.fork`: what is held of the log, so that the device can find out what happened. */
export interface SyncRefusal extends Refusal {
  readonly acknowledgement?: string
  readonly trustList?: string
}

/** A charger's bundle, acknowledged from what is committed. Safe to send any number of times. */
export async function receiveBundle(
  reconciler: Reconciler,
  bytes: Bytes,
): Promise<Result<SyncResponse, SyncRefusal>> {
  if (bytes.length > limits.bundleBytesMax) return err(refusal('api.too-large'))
  const { store, clock, verify } = reconciler
  const welcome = await store.transaction(async (tx) => {
    const nowS = clock.nowS()
    const { list } = await tx.trust()
    const opened = openBundle(bytes, { trust: list, verify: rememberedVerify(verify), nowS })
    if (!opened.ok) {
      await tx.quarantine('stranger', [{ what: 'bundle', code: opened.error.code, bytes }], nowS)
    }
    return opened
  })
  if (!welcome.ok) return welcome
  const outcome = await process(reconciler, 'bundle', bytes)
  if (!outcome.ok) return outcome
  if (outcome.value.kind !== 'bundle') return err(refusal('api.internal'))
  const { device, epoch, refused } = outcome.value
  return store.transaction(async (tx): Promise<Result<SyncResponse, SyncRefusal>> => {
    const log = await heldOf(tx, device, epoch)
    const signed = toBase64Url(await acknowledgeLog(reconciler, tx, { device, epoch }, log))
    const { trustList, revocations, policy } = await tx.news()
    // The device may not have heard of the key that signs now: without the list it could never believe the refusal.
    if (refused !== undefined && !(refused.code === 'device.gap' && isKept(bytes, log)))
      return err({ ...refused, acknowledgement: signed, trustList })
    return ok({ acknowledgement: signed, trustList, revocations, policy })
  })
}

/**
 * A phone's report. Needs no sign-in: the evidence is signed, and somebody else may carry it. `teller`: who says so, for
 * those who ask later from whom a session is known; it changes no judgement.
 */
export async function receiveReport(
  reconciler: Reconciler,
  json: unknown,
  teller: ReportTeller = 'phone',
): Promise<Result<ReportResponse, Refusal>> {
  const chains = parseReport(json)
  if (!chains.ok) return chains
  const { config, store, clock, verify } = reconciler
  const welcome = await store.transaction(async (tx): Promise<Result<undefined, Refusal>> => {
    const nowS = clock.nowS()
    const context = { trust: (await tx.trust()).list, verify: rememberedVerify(verify), nowS }
    const read = readReport(chains.value, config.currency, context)
    if (read.grants.length > 0 || chains.value.length === 0) return ok(undefined)
    await tx.quarantine('stranger', read.refused, nowS)
    return err(refusal(read.refused[0]?.code ?? 'api.malformed'))
  })
  if (!welcome.ok) return welcome
  const outcome =
    chains.value.length === 0
      ? ok({ kind: 'report', serials: [], sessionIds: [], refused: [] } as const)
      : await process(reconciler, 'report', utf8(JSON.stringify(reportToKeep(json, teller))))
  if (!outcome.ok) return outcome
  const report = outcome.value
  if (report.kind !== 'report') return err(refusal('api.internal'))
  return store.transaction(async (tx) => {
    const { revocations } = await tx.news()
    const acknowledgements: string[] = []
    for (const serial of report.serials) {
      acknowledgements.push(toBase64Url(await acknowledgeChain(reconciler, tx, grantSerial(serial))))
    }
    const sessions = await tx.sessionStandings(report.sessionIds)
    const refused = report.refused.map(({ what, code }) => ({ what, code: code as ReasonCode }))
    const lacking = await lackingPieces(tx, report.sessionIds, chains.value)
    return ok({ acknowledgements, sessions, ...lacking, refused, revocations })
  })
}

/**
 * Works through what waits: uploads whose process died, and those left to workers. Gives how many it did. Few at a
 * time: what one worker has claimed the others cannot take.
 */
export const processWaiting = (reconciler: Reconciler, countMax = 8): Promise<number> =>
  workOnOldest(reconciler, countMax)

/** Writes the upload down, then works on it here, unless workers of their own do that. */
async function process(
  reconciler: Reconciler,
  kind: ItemKind,
  bytes: Bytes,
): Promise<Result<Exclude<ItemOutcome, { kind: 'refused' }>, Refusal>> {
  const { config, clock } = reconciler
  const put = await putIntoInbox(reconciler, kind, bytes)
  if (!put.ok) return put
  const itemId = put.value
  if (config.runsWorker) await workOn(reconciler, itemId).catch(() => false)
  const deadlineMs = clock.monotonicMs() + waitMaxMs
  for (;;) {
    const outcome = await outcomeOf(reconciler, itemId)
    if (outcome?.kind === 'refused') return err(outcome.refusal)
    if (outcome !== undefined) return ok(outcome)
    // It is safe on disk and will be processed; only the acknowledgement has to be asked for again.
    if (clock.monotonicMs() > deadlineMs) return err(refusal('api.unreachable'))
    await wait(waitStepMs)
  }
}

interface Held {
  readonly log: HeldLog
  readonly ranges: readonly SeqRange[]
}

async function heldOf(tx: ReconcileTransaction, device: string, epoch: number): Promise<Held> {
  const log = await tx.heldLog({ device, epoch })
  if (log === undefined) throw new Error(`The log of ${device} in epoch ${epoch} is not held`)
  return { log, ranges: log.earlyCount === 0 ? [] : rangesOfPieces(await tx.earlyPieces(device), epoch) }
}

/** A piece that overtook others and was put aside, or whose gap was filled meanwhile, is held: no refusal. */
function isKept(bytes: Bytes, { log, ranges }: Held): boolean {
  const bundle = decodeBundle(bytes)
  if (!bundle.ok) return false
  const from = bundle.value.frontier.size
  const { size: to } = bundle.value.checkpoint.payload
  return from < to && (to <= log.frontier.size || coversRange(ranges, { from, to }))
}

async function acknowledgeLog(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  { device, epoch }: LogKey,
  { log, ranges }: Held,
): Promise<Bytes> {
  const { counter, heldSerials } = await tx.settledReceipts(device, limits.heldSerialsMax + 1)
  // With more doubtful grants than can be named, nothing is confirmed.
  const settled =
    heldSerials.length > limits.heldSerialsMax
      ? {}
      : { settledCounter: counter, ...(heldSerials.length === 0 ? {} : { heldSerials }) }
  const { size } = log.frontier
  const pairs = toPairs(ranges, size, limits.heldRangesMax)
  return sign(reconciler, device, epoch, size, log.root, {
    ...settled,
    ...(pairs.length === 0 ? {} : { ranges: pairs }),
  })
}

/** A wallet's chain is acknowledged up to the last seq before the first gap. */
async function acknowledgeChain(
  reconciler: Reconciler,
  tx: ReconcileTransaction,
  serial: GrantSerial,
): Promise<Bytes> {
  const seqs = new Set((await tx.chainLinks([serial])).map(({ seq }) => seq))
  let size = 0
  while (seqs.has(size + 1)) size += 1
  return sign(reconciler, serial, 0, size, toHex(new Uint8Array(hashLength)))
}

async function sign(
  { clock, issuer }: Reconciler,
  device: string,
  epoch: number,
  size: number,
  root: string,
  rest: Pick<Acknowledgement, 'settledCounter' | 'heldSerials' | 'ranges'> = {},
): Promise<Bytes> {
  const timeS = clock.nowS()
  const payload = { device: deviceId(device), epoch, size, root, timeS, ...rest }
  return (await signMessage(acknowledgement, payload, issuer)).bytes
}
