import { expect, test } from 'vitest'
import { EUR } from '@/lib/core/currency'
import { addSeconds, durationMs, epochSeconds } from '@/lib/core/units'
import { readCloudConfig } from '@/lib/cloud/config'
import { isListed, listWith } from '@/lib/cloud/operator/trust-lists'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { operatorSealing } from '@/lib/cloud/parcels/operator-sealing'
import { testSigner } from '../../../../fixtures/messages'

const dayS = 86_400
const startS = epochSeconds(1_788_264_000)
const config = { ...readCloudConfig({ OUTPOST_DEMO: '1' }), currency: EUR }
const sealing = await operatorSealing(new Uint8Array(32).fill(1))
const at = (nowS: number) => ({
  config,
  sealing,
  clock: { nowS: () => epochSeconds(nowS), monotonicMs: () => durationMs(0) },
})
const keyOf = (name: string) => testSigner(name).publicKey
const first = listWith(at(startS), undefined, keyOf('one'), undefined)

test('a first list names one key, good for two years from yesterday', () => {
  expect(first).toMatchObject({ sequence: 1, issuers: [{ key: keyOf('one'), notBeforeS: startS - dayS }] })
  expect(isListed(first, keyOf('one'), addSeconds(startS, 700 * dayS))).toBe(true)
  expect(isListed(first, keyOf('one'), addSeconds(startS, 730 * dayS))).toBe(false)
  expect(isListed(first, keyOf('two'), startS)).toBe(false)
})

test('each list names the key that parcels are sealed to', () => {
  expect(first.sealingKey).toBe(sealing.publicKey)
})

test('the next key comes first, and the present one ends with the overlap', () => {
  const later = addSeconds(startS, 300 * dayS)
  const next = listWith(at(later), first, keyOf('two'), { endingKey: keyOf('one'), days: 90 })
  expect(next.issuers.map(({ key }) => key)).toEqual([keyOf('two'), keyOf('one')])
  const end = addSeconds(later, 90 * dayS)
  expect(isListed(next, keyOf('one'), addSeconds(end, -1))).toBe(true)
  expect(isListed(next, keyOf('one'), end)).toBe(false)
})

test('an overlap makes no key live longer than it did', () => {
  const later = addSeconds(startS, 700 * dayS)
  const next = listWith(at(later), first, keyOf('two'), { endingKey: keyOf('one'), days: 90 })
  expect(next.issuers[1]?.notAfterS).toBe(first.issuers[0]?.notAfterS)
})

test('a list stays within what devices read, and drops the oldest keys first', () => {
  let list: TrustList = first
  for (let index = 0; index < 10; index += 1)
    list = listWith(at(startS), list, keyOf(`later ${index}`), undefined)
  expect(list.issuers).toHaveLength(8)
  expect(list.issuers[0]?.key).toBe(keyOf('later 9'))
  expect(list.sequence).toBe(11)
})
