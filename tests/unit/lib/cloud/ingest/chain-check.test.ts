import { expect, test } from 'vitest'
import { grantSerial, messageHash, sessionId } from '@/lib/core/ids'
import { checkChain, type ChainLink } from '@/lib/cloud/ingest/chain-check'

const hash = (digit: string) => messageHash(digit.repeat(32))
const grantHash = hash('0')
const link = (
  name: string,
  seq: number,
  previous: string,
  grossMinor: number,
  holdMinor = 10,
): ChainLink => ({
  sessionId: sessionId(name.repeat(32)),
  serial: grantSerial('0123456789abcdef'),
  seq,
  previous: hash(previous),
  grossMinor,
  holdMinor,
})
const faults = (...links: ChainLink[]) =>
  checkChain(links, grantHash).map(({ kind, sessionId: id }) => `${kind} ${id[0]}`)

const whole = [link('a', 1, '0', 10), link('b', 2, 'a', 20), link('c', 3, 'b', 30)]

test('a whole chain has no fault, in whatever order its links arrive', () => {
  expect(faults(...whole)).toEqual([])
  expect(faults(...whole.toReversed())).toEqual([])
})

test('a gap is no fault: links arrive late', () => {
  expect(faults(whole[0]!, whole[2]!)).toEqual([])
})

test('two links at one place are a fork, and what follows one of them is sound', () => {
  expect(faults(...whole, link('d', 2, 'a', 25, 15))).toEqual(['fork b', 'fork d'])
})

test.each([
  ['a first link that does not start at the grant', [link('a', 1, 'f', 10)]],
  ['a first link with more gross than its hold', [link('a', 1, '0', 11)]],
  ['a link after another than the one before it', [whole[0]!, link('b', 2, 'f', 20)]],
  ['a gross that does not grow by the hold', [whole[0]!, link('b', 2, 'a', 15)]],
])('%s lies', (_, links) => {
  expect(faults(...links)).toEqual([`chain ${links.at(-1)!.sessionId[0]}`])
})
