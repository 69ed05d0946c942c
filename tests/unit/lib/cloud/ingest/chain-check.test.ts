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

  ['a gross that does not grow by the hold', [whole[0]!, link('b', 2, 'a', 15)]],
])('%s lies', (_, links) => {
  expect(faults(...links)).toEqual([`chain ${links.at(-1)!.sessionId[0]}`])
})

test.each([
  ['a link that goes on from another than the known one before it', [whole[0]!, link('b', 2, 'f', 20)], 'b'],
  [
    'a clone that spends the odd numbers and leaves the even ones out',
    [whole[0]!, link('c', 3, 'a', 20)],
    'c',
  ],
  ['even numbers beside odd ones', [...whole.slice(0, 2), link('c', 3, 'a', 20)], 'c'],
  ['a link that names a later one as the one before it', [link('c', 3, 'e', 30), link('e', 5, 'd', 50)], 'c'],
])('%s is a fork', (_, links, name) => {
  expect(faults(...links)).toEqual([`fork ${name}`])
})

const seen = (seq: number, name: string) => ({
  serial: grantSerial('0123456789abcdef'),
  seq,
  hash: hash(name),
  toldIn: sessionId('9'.repeat(32)),
})
const faultsWith = (...sightings: ReturnType<typeof seen>[]) =>
  checkChain(whole, grantHash, sightings).map(({ kind, sessionId: id, toldIn }) => [kind, id[0], toldIn?.[0]])

test('what a charger met and the chain holds is no fault', () => {
  expect(faultsWith(seen(1, 'a'), seen(3, 'c'), seen(7, 'f'))).toEqual([])
})

test('what a charger met and the chain lacks is a fork, proved by the receipt that told of it', () => {
  expect(faultsWith(seen(2, 'f'))).toEqual([
    ['fork', 'b', '9'],
    ['fork', 'c', '9'],
  ])
})
