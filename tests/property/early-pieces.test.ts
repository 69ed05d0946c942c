/** A log that comes in pieces by many roads: in any order, overlapping, twice, and with the power cut in between. */

import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openMemoryCloud, type MemoryCloud } from '@/lib/cloud/ingest/memory-cloud'
import { StoreFailure } from '@/lib/cloud/ingest/memory-store'
import { revenueAccount, taxAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { fromBase64Url, toBytes, toHex } from '@/lib/core/bytes'
import { EUR } from '@/lib/core/currency'
import { operatorId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { durationMs, epochSeconds } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { parseMessage } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { fromPairs, joinRanges, type SeqRange } from '@/lib/sync/held-ranges'
import { freshSigner, TestCharger, TestPhone, testTariff } from '../fixtures/session-actors'

const nowS = epochSeconds(1_788_264_000)
const bay = { siteId: 'kinross', siteLabel: 'Kinross Services', bayLabel: 'Bay 2' }
const sessionCount = 4
const size = 2 * sessionCount

async function open(beforeStep: () => void) {
  let monotonicMs = 0
  const cloud = await openMemoryCloud({
    tenant: operatorId('memory'),
    currency: EUR,
    clock: { nowS: () => nowS, monotonicMs: () => durationMs((monotonicMs += 20_000)) },
    random: { bytes: (length) => toBytes(randomBytes(length)) },
    ...{ root: freshSigner(), issuer: freshSigner(), verify: verifyWithNode, tariff: testTariff },
    faults: { beforeStep },
  })
  const signer = freshSigner()
  const owner = walletAccount(toHex(randomBytes(8)))
  await cloud.credit(owner, 10_000)
  const granted = await cloud.issueGrant({ owner, deviceKey: signer.publicKey, capMinor: 10_000 })
  const phone = TestPhone.holding(expectOk(granted, 'grant'), signer)
  const key = freshSigner()
  const certificate = await cloud.registerCharger({ chargerId: 'KIN-1', ...bay, key: key.publicKey })
  const charger = TestCharger.holding('KIN-1', key, certificate, nowS)
  for (let session = 0; session < sessionCount; session += 1) await charger.charge(phone, 1_000, 10_000)
  return { cloud, charger }
}

const income = (cloud: MemoryCloud): number =>
  cloud.balance(revenueAccount).postedMinor + cloud.balance(taxAccount).postedMinor

const acknowledgedIn = (text: string) =>
  expectOk(parseMessage(acknowledgement, fromBase64Url(text) ?? new Uint8Array()), 'acknowledgement').payload

/** Every event in some piece, some in several, in any order. */
const pieces = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: size - 1 }), { maxLength: 5 }),
    fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 3 }),
    fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
  )
  .map(([cuts, extra, order]): readonly SeqRange[] => {
    const ends = [0, ...cuts.toSorted((one, other) => one - other), size]
    const whole = ends.slice(1).map((to, index) => ({ from: ends[index] ?? 0, to }))
    const more = extra.map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) + 1 }))
    return [...whole, ...more]
      .map((range, index) => ({ range, at: order[index] ?? 0 }))
      .sort((one, other) => one.at - other.at)
      .map(({ range }) => range)
  })

test('whatever came is said to be held, and in the end the log is whole and everything is posted once', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, async (order) => {
      const { cloud, charger } = await open(() => undefined)
      const delivered: SeqRange[] = []
      for (const { from, to } of order) {
        const received = expectOk(await cloud.receiveBundle(await charger.bundle(from, to)), 'bundle')
        delivered.push({ from, to })
        const told = acknowledgedIn(received.acknowledgement)
        const held = joinRanges([{ from: 0, to: told.size }, ...fromPairs(told.ranges)])
        expect(held).toEqual(joinRanges(delivered))
      }
      const log = await cloud.store.transaction((tx) => tx.heldLog({ device: charger.id, epoch: 1 }))
      expect(log).toMatchObject({ frontier: { size }, earlyCount: 0 })
      expect(await cloud.store.transaction((tx) => tx.earlyPieces(charger.id))).toEqual([])
      expect(income(cloud)).toBe(sessionCount * 490)
      expect(cloud.cases()).toEqual([])
    }),
    { numRuns: 60 },
  )
})

test('a crash at any step loses nothing that is told again', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 120 }), async (order, dyingStep) => {
      let left = Number.POSITIVE_INFINITY
      const { cloud, charger } = await open(() => {
        left -= 1
        if (left === 0) throw new StoreFailure('power cut')
      })
      left = dyingStep
      for (const { from, to } of order) {
        const bundle = await charger.bundle(from, to)
        const first = await cloud.receiveBundle(bundle).catch(() => undefined)
        if (first?.ok !== true) expectOk(await cloud.receiveBundle(bundle), 'told again')
      }
      left = Number.POSITIVE_INFINITY
      const log = await cloud.store.transaction((tx) => tx.heldLog({ device: charger.id, epoch: 1 }))
      expect(log).toMatchObject({ frontier: { size }, earlyCount: 0 })
      expect(income(cloud)).toBe(sessionCount * 490)
    }),
    { numRuns: 60 },
  )
})
