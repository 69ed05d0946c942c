import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { grantSerial, nonce } from '@/lib/core/ids'
import { epochSeconds } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { signMessage } from '@/lib/protocol/message'
import { policy } from '@/lib/protocol/messages/policy'
import { revocations } from '@/lib/protocol/messages/revocations'
import type { NewsItem } from '@/lib/protocol/news-item'
import { NewsBoard } from '@/lib/sync/news-board'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { delta, permitted, raise, timeFor, trusted } from '@/tests/fixtures/kiosk-issuer'
import { issuedPolicy } from '@/tests/fixtures/kiosk-world'
import {
  chargerSigner,
  issuerSigner,
  rootSigner,
  storyGrant,
  storyOperator,
  storyTimeS,
  tellStory,
} from '@/tests/fixtures/messages'

const anew = (): NewsBoard => new NewsBoard(rootSigner.publicKey, verifyWithNode)
const revoked = async (epoch: number, signer = issuerSigner): Promise<NewsItem> => ({
  kind: 'revocations',
  message: (
    await signMessage(
      revocations,
      {
        operator: storyOperator,
        epoch,
        timeS: epochSeconds(storyTimeS + epoch),
        serials: [storyGrant.serial],
      },
      signer,
    )
  ).bytes,
})
const deltaItem = async (from: number, epoch: number): Promise<NewsItem> => ({
  kind: 'revocation-delta',
  message: await delta(from, epoch, [storyGrant.serial]),
})

let trust: NewsItem
let pool: readonly NewsItem[]

beforeAll(async () => {
  trust = { kind: 'trust-list', message: await trusted(5, [issuerSigner]) }
  const policies = await Promise.all([7, 8, 9].map((sequence) => issuedPolicy({ sequence })))
  pool = [
    await revoked(3),
    await revoked(5),
    await deltaItem(3, 4),
    await deltaItem(5, 6),
    await deltaItem(5, 7),
    await deltaItem(7, 8),
    ...policies.map(({ bytes }): NewsItem => ({ kind: 'policy', message: bytes })),
    { kind: 'permit', message: await raise(storyGrant.serial, 5_000) },
    {
      kind: 'permit',
      message: await permitted({
        verdict: 'veto',
        serial: storyGrant.serial,
        timeS: epochSeconds(storyTimeS + 9),
      }),
    },
    { kind: 'time', message: await timeFor(nonce('0011223344556677'), storyTimeS + 77) },
  ]
})

const boardOf = (items: readonly NewsItem[]): NewsBoard => {
  const board = anew()
  board.hear(trust)
  for (const item of items) board.hear(item)
  return board
}

test('hangs out the same whatever the order in which things were heard, and how often', () => {
  const picks = fc.array(fc.nat(), { maxLength: 20 })
  fc.assert(
    fc.property(picks, (numbers) => {
      const items = numbers.flatMap((number) => pool[number % pool.length] ?? [])
      const one = boardOf(items)
      const other = boardOf([...items.toReversed(), ...items])
      expect(other.items).toEqual(one.items)
      expect(other.timeS).toBe(one.timeS)
    }),
  )
})

test('keeps what a charger needs to come from the whole list to the newest word, in that order', () => {
  const { items, timeS } = boardOf(pool)
  expect(items.map(({ kind }) => kind)).toEqual([
    ...['trust-list', 'revocations', 'revocation-delta', 'revocation-delta'],
    ...['policy', 'policy', 'permit', 'permit', 'time'],
  ])
  expect(timeS).toBe(storyTimeS + 77)
  expect(items[1]?.message).toEqual(pool[1]?.message)
  expect(items[2]?.message).toEqual(pool[4]?.message)
})

test('says what the issuer has taken back, by the whole list and by what was added since', () => {
  const other = grantSerial('0123456789abcdef')
  expect(anew().isRevoked(storyGrant.serial)).toBe(false)
  const [, list] = pool
  expect(boardOf(list === undefined ? [] : [list]).isRevoked(storyGrant.serial)).toBe(true)
  const [, , , delta] = pool
  const board = boardOf(delta === undefined ? [] : [delta])
  expect([storyGrant.serial, other].map((serial) => board.isRevoked(serial))).toEqual([true, false])
})

test('says what is new, what is known, and what nobody vouches for', async () => {
  const board = anew()
  const [list] = pool
  if (list === undefined) throw new Error('There is a list')
  expect(board.hear(list)).toBe('refused')
  expect(board.hear({ kind: 'trust-list', message: await trusted(5, [issuerSigner], chargerSigner) })).toBe(
    'refused',
  )
  expect(board.hear(trust)).toBe('new')
  expect(board.hear(trust)).toBe('known')
  expect(board.hear(list)).toBe('new')
  expect(board.hear(await revoked(2))).toBe('known')
  expect(board.hear(await deltaItem(1, 2))).toBe('known')
  expect(board.hear(await revoked(4, chargerSigner))).toBe('refused')
  expect(board.hear({ kind: 'policy', message: list.message })).toBe('refused')
  const story = await tellStory()
  expect(board.hear({ kind: 'charger-certificate', message: story.certificate.bytes })).toBe('refused')
  const others = await signMessage(acknowledgement, story.acknowledgement.payload, issuerSigner)
  expect(board.hear({ kind: 'acknowledgement', message: others.bytes })).toBe('refused')
  const foreign = {
    ...(await issuedPolicy()).payload,
    operator: storyGrant.operator.replace('o', 'x') as never,
  }
  const theirs = await signMessage(policy, foreign, issuerSigner)
  expect(board.hear({ kind: 'policy', message: theirs.bytes })).toBe('refused')
})
