import { beforeAll, describe, expect, test } from 'vitest'
import { grantSerial, sessionId, siteId } from '@/lib/core/ids'
import { minorUnits } from '@/lib/core/units'
import { encodeCbor, type CborValue } from '@/lib/protocol/cbor'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import { revocationDelta, shortIdOf } from '@/lib/protocol/messages/revocation-delta'
import { voucher } from '@/lib/protocol/messages/voucher'
import { decodeNewsItem, encodeNewsItem } from '@/lib/protocol/news-item'
import { signMessage } from '@/lib/protocol/message'
import { issuerSigner, tellStory, type Story } from '../../../fixtures/messages'

let story: Story
beforeAll(async () => {
  story = await tellStory()
})

describe('a permit', () => {
  const session = sessionId('aa'.repeat(16))
  const serial = grantSerial('a1b2c3d4e5f60718')

  test.each<[string, Partial<Permit>, boolean]>([
    ['a veto of a session', { verdict: 'veto', sessionId: session }, true],
    ['a veto of a grant', { verdict: 'veto', serial }, true],
    ['a raise of a grant', { verdict: 'raise', serial, maximumMinor: minorUnits(1) }, true],
    ['a veto of both', { verdict: 'veto', sessionId: session, serial }, false],
    ['a veto of nothing', { verdict: 'veto' }, false],
    ['a veto that names an amount', { verdict: 'veto', serial, maximumMinor: minorUnits(1) }, false],
    ['a raise of a session', { verdict: 'raise', sessionId: session, maximumMinor: minorUnits(1) }, false],
    ['a raise without an amount', { verdict: 'raise', serial }, false],
  ])('%s', (_name, about, isSound) => {
    const { operator, timeS, notAfterS } = story.permit.payload
    const value = { operator, timeS, notAfterS, verdict: 'veto', ...about } as Permit
    const decoded = permit.payload.decode(permit.payload.encode(value), 'permit')
    expect(decoded.ok).toBe(isSound)
  })
})

describe('a revocation delta', () => {
  const withIds = (bytes: Uint8Array) => {
    const map = revocationDelta.payload.encode(story.revocationDelta.payload) as Map<number, CborValue>
    return revocationDelta.payload.decode(new Map([...map, [5, bytes]]), 'delta')
  }

  test('names a grant by the first four bytes of its serial', () => {
    expect(shortIdOf(grantSerial('0badcafe12345678'))).toBe('0badcafe')
  })

  test('is written in rising order whatever order its ids come in', async () => {
    const { payload } = story.revocationDelta
    const signed = await signMessage(
      revocationDelta,
      { ...payload, added: payload.added.toReversed() },
      issuerSigner,
    )
    expect(signed.bytes).toEqual(story.revocationDelta.bytes)
  })

  test('of twenty grants stays within 175 bytes, as one line of a code', async () => {
    const added = Array.from({ length: 20 }, (_, index) => (index * 7 + 1).toString(16).padStart(8, '0'))
    const signed = await signMessage(
      revocationDelta,
      { ...story.revocationDelta.payload, added },
      issuerSigner,
    )
    expect(signed.bytes.length).toBeLessThanOrEqual(180)
  })

  test.each([
    ['in falling order', [0xde, 0xad, 0xbe, 0xef, 0x0b, 0xad, 0xca, 0xfe]],
    ['twice the same id', [1, 2, 3, 4, 1, 2, 3, 4]],
    ['a piece of an id', [1, 2, 3, 4, 5]],
    ['more ids than the cap', Array.from({ length: 201 * 4 }, (_, index) => Math.floor(index / 4) & 0xff)],
  ])('with %s is refused', (_name, bytes) => {
    expect(withIds(Uint8Array.from(bytes))).toMatchObject({ ok: false, error: { kind: 'wrong-shape' } })
  })
})

test('a voucher without a site is refused: bearers never roam', () => {
  const map = voucher.payload.encode(story.voucher.payload)
  const roaming = voucher.payload.encode({ ...story.voucher.payload, sites: [] })
  expect(voucher.payload.decode(map, 'voucher')).toMatchObject({
    ok: true,
    value: { sites: [siteId('kinross')] },
  })
  expect(voucher.payload.decode(roaming, 'voucher').ok).toBe(false)
})

describe('a piece of news', () => {
  test('comes back as it was sent', () => {
    const item = { kind: 'time', message: story.time.bytes } as const
    expect(decodeNewsItem(encodeNewsItem(item))).toEqual({ ok: true, value: item })
  })

  test.each<[string, CborValue, string]>([
    ['of a kind from a later version', [99, new Uint8Array([1])], 'code.version'],
    ['without a message', [1], 'code.damaged'],
    ['with a message that is no bytes', [1, 'x'], 'code.damaged'],
    ['with something behind it', [1, new Uint8Array([1]), 1], 'code.damaged'],
    ['that is no list', new Map(), 'code.damaged'],
  ])('%s is refused', (_name, value, code) => {
    expect(decodeNewsItem(encodeCbor(value))).toEqual({ ok: false, error: code })
  })
})
