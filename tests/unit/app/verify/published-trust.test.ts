import { beforeAll, expect, test } from 'vitest'
import { toBase64Url } from '@/lib/core/bytes'
import { signMessage } from '@/lib/protocol/message'
import { trustList } from '@/lib/protocol/messages/trust-list'
import {
  openPublishedTrust,
  readPublishedTrust,
  takePublishedTrust,
  type PublishedTrust,
} from '@/app/verify/published-trust'
import { chargerSigner, rootSigner, tellStory, type Story } from '@/tests/fixtures/messages'

let story: Story
let first: PublishedTrust
let second: PublishedTrust
let elsewhere: PublishedTrust

async function publish(sequence: number, root = rootSigner): Promise<PublishedTrust> {
  const signed = await signMessage(trustList, { ...story.trustList.payload, sequence }, root)
  return { root: root.publicKey, trustList: toBase64Url(signed.bytes) }
}

beforeAll(async () => {
  story = await tellStory()
  first = await publish(1)
  second = await publish(2)
  elsewhere = await publish(9, chargerSigner)
})

test('the first root that is met is kept', () => {
  expect(takePublishedTrust(null, first)).toEqual({ kept: first, otherRoot: null })
})

test('a newer list under the same root takes the place of the older one, and never the other way round', () => {
  expect(takePublishedTrust(first, second).kept).toBe(second)
  expect(takePublishedTrust(second, first).kept).toBe(second)
})

test('another root is not believed, but told', () => {
  expect(takePublishedTrust(first, elsewhere)).toEqual({ kept: first, otherRoot: elsewhere })
})

test('a list that its root did not sign is not read', () => {
  const swapped = { root: chargerSigner.publicKey, trustList: first.trustList }
  expect(readPublishedTrust(swapped)).toBeNull()
  expect(openPublishedTrust(swapped)).toBeUndefined()
})

test.each<[string, unknown]>([
  ['nothing', null],
  ['a text', 'root'],
  ['a root that is no key', { root: 'abc', trustList: 'AAAA' }],
  ['a list that is no base64url', { root: 'a'.repeat(64), trustList: '***' }],
  ['missing fields', {}],
])('%s is not read', (_, json) => {
  expect(readPublishedTrust(json)).toBeNull()
})
