import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { appendLeaves, emptyFrontier, rootOf } from '@/lib/log/frontier'
import { leafHash } from '@/lib/log/hash'
import { signMessage } from '@/lib/protocol/message'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import { decodeBundle, encodeBundle, type ParsedBundle } from '@/lib/sync/bundle'
import { sampleCharger } from '@/scripts/samples/sample-keys'
import { readOperator, type KnownOperator } from '@/scripts/verify/known-operators'
import { reportLog } from '@/scripts/verify/log-report'
import { inProject } from '@/scripts/setup/root.mjs'

let operators: readonly KnownOperator[]
let honest: Bytes
let bundle: ParsedBundle

beforeAll(async () => {
  operators = [expectOk(await readOperator(inProject('docs/samples/trust.json')), 'sample trust')]
  honest = toBytes(readFileSync(inProject('docs/samples/log.bundle')))
  bundle = expectOk(decodeBundle(honest), 'sample log')
})

/** The charger itself signs other events than it lived through. */
async function signedAgain(events: readonly Bytes[], signer = sampleCharger): Promise<Bytes> {
  const { frontier } = appendLeaves(emptyFrontier, events.map(leafHash))
  const signed = await signMessage(
    checkpoint,
    { ...bundle.checkpoint.payload, size: events.length, root: toHex(rootOf(frontier)) },
    signer,
  )
  return encodeBundle({ ...bundle, checkpoint: signed.bytes, events })
}

const failedChecks = (bytes: Bytes): readonly string[] =>
  reportLog(bytes, operators)
    .checks.filter(({ outcome }) => outcome === 'failed')
    .map(({ text }) => text)

test('the sample log holds, and its events are listed', () => {
  const report = reportLog(honest, operators)
  expect(failedChecks(honest)).toEqual([])
  expect(report.isGood).toBe(true)
  expect(report.appendix).toHaveLength(9)
})

test('an event that was changed on the way is noticed', () => {
  const events = bundle.events.map((event, index) => (index === 40 ? changedLastByte(event) : event))
  const bytes = encodeBundle({ ...bundle, checkpoint: bundle.checkpoint.bytes, events })
  expect(failedChecks(bytes).join(' ')).toContain('D-141')
})

function changedLastByte(event: Bytes): Bytes {
  const changed = toBytes(event)
  changed.set([(changed.at(-1) ?? 0) ^ 1], changed.length - 1)
  return changed
}

test('a log signed by another key is noticed', async () => {
  const { sampleDriver } = await import('@/scripts/samples/sample-keys')
  expect(failedChecks(await signedAgain(bundle.events, sampleDriver)).join(' ')).toContain('D-141')
})

test('a charger that leaves a receipt out is noticed when the next session begins', async () => {
  const withoutFirstReceipt = bundle.events.toSpliced(334, 1)
  expect(failedChecks(await signedAgain(withoutFirstReceipt)).join(' ')).toContain('without a receipt')
})

test('a charger that turns its receipts round is noticed', async () => {
  const turned = bundle.events.toReversed()
  expect(failedChecks(await signedAgain(turned)).join(' ')).toContain('1 of 2 receipts: numbered')
})

test('without the operator’s keys nobody vouches', () => {
  const report = reportLog(honest, [])
  expect(report.isGood).toBe(false)
  expect(report.verdict).toBe('Do not rely on this log.')
})

test.each([
  ['nothing', toBytes([])],
  ['rubbish', toBytes([0xa1, 0x01, 0x02])],
])('%s is no log', (_, bytes) => {
  expect(reportLog(bytes, operators)).toMatchObject({ isGood: false, checks: [] })
})
