/**
 * Pieces that stay away. Phones bring receipts before the charger's log comes home, and couriers bring the end of a log
 * before its beginning, so a gap is ordinary at first; one that lasts is a charger that hides sessions, or one that
 * needs somebody to visit it (threat: charger hides sessions). When the rest arrives, the case ends by itself.
 */

import type { EpochSeconds } from '@/lib/core/units'
import type { NewCase } from '../cases/file-evidence'
import { evidenceBySession } from './evidence-order'
import type { ReceiptGap, StandingGap } from './gap-store'
import type { Reconciler } from './reconciler'
import { signedBytesOf } from './session-cases'
import type { ReconcileTransaction } from './store'

/** Longer than a remote site goes without a courier; half of what the longest grant lives. */
export const gapPatienceS = 21 * 86_400

/** Chargers looked at in one transaction; more wait for the next round. */
const gapsMax = 500

/** Notes what is missing, opens cases for what has been missing too long, and ends those that have filled. */
export async function watchGaps({ store, clock }: Reconciler): Promise<void> {
  const nowS = clock.nowS()
  await store.transaction(async (tx) => {
    const fresh = await tx.receiptGaps(undefined, gapsMax)
    await tx.noteGaps(
      fresh.map(({ sessionId: _session, ...gap }) => ({
        ...gap,
        ...{ what: 'receipts', epoch: 0, proof: undefined },
      })),
      nowS,
    )
    const standing = await tx.standingGaps(gapsMax)
    const receipts = await receiptGapsOf(tx, standing)
    const filled: StandingGap[] = []
    for (const gap of standing) if (await isFilled(tx, gap, receipts)) filled.push(gap)
    await tx.endGaps(filled, nowS)
    const open = standing.filter((gap) => !filled.includes(gap))
    const healed = filled
      .map(({ device }) => device)
      .filter((device) => !open.some((gap) => gap.device === device))
    await tx.resolveCases('gap', [...new Set(healed)].sort(), nowS)
    await tx.openCases(await overdueCases(tx, open, receipts, nowS), nowS)
  })
}

const receiptGapsOf = async (
  tx: ReconcileTransaction,
  gaps: readonly StandingGap[],
): Promise<ReadonlyMap<string, ReceiptGap>> => {
  const devices = gaps.filter(({ what }) => what === 'receipts').map(({ device }) => device)
  const found = devices.length === 0 ? [] : await tx.receiptGaps(devices, devices.length)
  return new Map(found.map((gap) => [gap.device, gap]))
}

async function isFilled(
  tx: ReconcileTransaction,
  { device, what, epoch, missingFrom, knownTo }: StandingGap,
  receipts: ReadonlyMap<string, ReceiptGap>,
): Promise<boolean> {
  if (what === 'receipts') return receipts.get(device)?.missingFrom !== missingFrom
  return ((await tx.heldLog({ device, epoch }))?.frontier.size ?? 0) >= knownTo
}

/** One case a charger, about what it has lacked longest. */
async function overdueCases(
  tx: ReconcileTransaction,
  open: readonly StandingGap[],
  receipts: ReadonlyMap<string, ReceiptGap>,
  nowS: EpochSeconds,
): Promise<readonly NewCase[]> {
  const overdue = open.filter(({ seenAtS }) => seenAtS + gapPatienceS <= nowS)
  const byDevice = new Map(overdue.toReversed().map((gap) => [gap.device, gap]))
  const cases: NewCase[] = []
  for (const [chargerId, gap] of [...byDevice].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const { what, missingFrom, knownTo } = gap
    const facts = { what, missingFrom, knownTo }
    cases.push({
      kind: 'gap',
      code: 'device.gap',
      chargerId,
      facts,
      evidence: await proofOf(tx, gap, receipts),
    })
  }
  return cases
}

/** The receipt after the hole names the one before it by its hash; a checkpoint counts the events. */
async function proofOf(
  tx: ReconcileTransaction,
  { device, proof }: StandingGap,
  receipts: ReadonlyMap<string, ReceiptGap>,
): Promise<NewCase['evidence']> {
  if (proof !== undefined) return [{ label: 'checkpoint', bytes: proof }]
  const sessionId = receipts.get(device)?.sessionId
  if (sessionId === undefined) return []
  const evidence = evidenceBySession(await tx.loadEvidence([sessionId])).get(sessionId) ?? []
  return evidence.filter(({ kind }) => kind === 'receipt').flatMap(signedBytesOf)
}
