import { noChargerFacts } from '@/lib/policy/rule-facts'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  decide,
  presentedIn,
  type AcceptanceFacts,
  type Accepted,
  type Declined,
} from '@/charger-kiosk/session/acceptance'
import type { KnownOffer } from '@/charger-kiosk/session/offer-book'
import type { ChainRow } from '@/charger-kiosk/session/records'
import type { Bytes } from '@/lib/core/bytes'
import { currencyCode, messageHash, operatorId, siteId } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { envelopeFromText } from '@/lib/protocol/envelope'
import type { Authorization } from '@/lib/protocol/messages/authorization'
import type { Grant } from '@/lib/protocol/messages/grant'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { TestWallet } from '@/tests/fixtures/kiosk-world'
import { issuerSigner, storyTimeS, tellStory, testSigner, type Story } from '@/tests/fixtures/messages'
import { assertionOver, passkeyHash } from '@/tests/fixtures/virtual-passkey'

let story: Story
let offer: KnownOffer
let facts: AcceptanceFacts
const nowS = epochSeconds(storyTimeS + 60)
const nothingUsed = { openMinor: 0, unconfirmedMinor: 0 }

beforeAll(async () => {
  story = await tellStory()
  const { hash, bytes, payload } = story.offer
  offer = {
    hash,
    bytes,
    payload,
    policy: story.policy.payload,
    certificate: story.certificate.bytes,
    key: story.certificate.payload.key,
    expiresAtMs: 300_000,
    state: 'open',
  }
  facts = {
    operator: operatorId('outpost'),
    siteId: siteId('kinross'),
    time: { nowS, quality: 'synchronised' },
    trust: story.trustList.payload,
    stepUp: { relyingPartyId: 'localhost', origins: ['http://localhost:3000'] },
    verify: verifyWithNode,
    exposureMinor: 0,
    known: () => undefined,
    offer: () => ({ kind: 'live', offer }),
    chain: () => undefined,
    usedHere: () => nothingUsed,
    isRevoked: () => false,
    isVetoed: () => false,
    raisedMinor: () => undefined,
    siteReserve: () => 'absent',
    hindrance: () => undefined,
    ruleFacts: () => noChargerFacts,
  }
})

interface Case {
  readonly grant?: Partial<Grant>
  readonly authorization?: Partial<Authorization>
  readonly hold?: number
  readonly facts?: Partial<AcceptanceFacts>
  /** Signs in place of the wallet or the issuer. */
  readonly forgedBy?: 'wallet' | 'issuer'
  readonly attach?: 'right' | 'wrong' | 'other-authorization'
}

async function present(one: Case) {
  const issuer = one.forgedBy === 'issuer' ? testSigner('nobody') : issuerSigner
  const wallet = await TestWallet.create('anna', one.grant ?? {}, issuer)
  const options = one.forgedBy === 'wallet' ? { signer: testSigner('mallory') } : {}
  const held = await wallet.authorize(offer, one.hold ?? 1_000, one.authorization ?? {}, options)
  const attach: Bytes[] = []
  if (one.attach === 'right') attach.push(assertionOver(held.authorization.hash))
  if (one.attach === 'wrong')
    attach.push(assertionOver(held.authorization.hash, { origin: 'http://evil.example' }))
  if (one.attach === 'other-authorization') attach.push(assertionOver(offer.hash))
  const parts = expectOk(envelopeFromText(held.text), 'a code').parts
  return expectOk(presentedIn({ kind: 'authorization', parts: [...parts, ...attach] }), 'it parses')
}

const judge = async (one: Case) => decide(await present(one), { ...facts, ...one.facts })

async function refusalOf(one: Case): Promise<Declined> {
  const verdict = await judge(one)
  if (verdict.ok) throw new Error('It was accepted')
  return verdict.error
}

const head = (changes: Partial<ChainRow> = {}): ChainRow => ({
  seq: 3,
  hash: messageHash('cc'.repeat(16)),
  grossMinor: minorUnits(4_000),
  releasedMinor: minorUnits(3_500),
  confirmed: false,
  seenAtS: storyTimeS,
  expiresAtS: epochSeconds(storyTimeS + 86_400),
  day: 0,
  dayMinor: minorUnits(0),
  ...changes,
})
const next: Partial<Authorization> = {
  seq: 4,
  previous: messageHash('cc'.repeat(16)),
  grossMinor: minorUnits(5_000),
  releasedMinor: minorUnits(3_500),
}
const fleet = (changes: object = {}) => ({
  fleetRules: {
    fleet: 1,
    vehicleClass: 0,
    dailyLimitMinor: minorUnits(0),
    fromMinute: 0,
    toMinute: 0,
    ...changes,
  },
})

const bayOf = (connectorPowerW: number) => () => ({ ...noChargerFacts, connectorPowerW })

describe('an authorization in order', () => {
  test.each([
    ['at a bay as strong as its grant allows', { connectorPowerMaxW: 22_000 }],
    ['from ten at night until one past noon', fleet({ fromMinute: 22 * 60, toMinute: 13 * 60 })],
  ])('is accepted %s', async (_says, grant) => {
    expect(await judge({ grant, facts: { ruleFacts: bayOf(22_000) } })).toMatchObject({ ok: true })
  })

  test('is accepted, with the chain as it stands afterwards', async () => {
    const verdict = expectOk(await judge({}), 'accepted') as Accepted
    expect(verdict).toMatchObject({ kind: 'accepted', roaming: true, passkeyAssertion: undefined })
    expect(verdict.chain).toMatchObject({
      seq: 1,
      grossMinor: 1_000,
      releasedMinor: 0,
      confirmed: false,
      dayMinor: 1_000,
    })
  })

  test.each<readonly [string, Case]>([
    ['continuing the chain that was seen', { authorization: next, facts: { chain: () => head() } }],
    [
      'after a gap in the chain',
      {
        authorization: { ...next, seq: 7, previous: messageHash('dd'.repeat(16)) },
        facts: { chain: () => head() },
      },
    ],
    ['first seen with a later seq', { authorization: { ...next, previous: messageHash('dd'.repeat(16)) } }],
    ['holding up to the first-seen cap', { hold: 1_500 }],
    [
      'holding up to the session cap when its earlier sessions settled',
      {
        hold: 6_000,
        authorization: { ...next, grossMinor: minorUnits(10_000) },
        facts: { chain: () => head({ confirmed: true }) },
      },
    ],
    ['holding more with the passkey', { hold: 4_000, grant: { passkeyHash }, attach: 'right' }],
    ['with a wrong passkey that the amount does not call for', { grant: { passkeyHash }, attach: 'wrong' }],
    ['a few minutes before its grant begins', { grant: { notBeforeS: epochSeconds(nowS + 200) } }],
    [
      'of this site, up to its session cap where the site’s book has its spends',
      {
        hold: 6_000,
        grant: { sites: [siteId('kinross')] },
        facts: { siteReserve: () => 'held' },
      },
    ],
    ['raised by the issuer', { hold: 4_000, facts: { raisedMinor: () => minorUnits(4_000) } }],
    [
      'raised by the issuer over the charger’s exposure',
      { facts: { raisedMinor: () => minorUnits(4_000), exposureMinor: 300_000 } },
    ],
    ['at a site that its grant names', { grant: { sites: [siteId('kinross')] } }],
    ['within hours that pass midnight', { grant: fleet({ fromMinute: 1_320, toMinute: 722 }) }],
    ['with the clock unknown and no rules of time', { facts: { time: { nowS, quality: 'unknown' } } }],
    [
      'site-bound while the roaming exposure is full',
      { grant: { sites: [siteId('kinross')] }, facts: { exposureMinor: 300_000 } },
    ],
  ])('is accepted %s', async (_name, one) => {
    expect((await judge(one)).ok).toBe(true)
  })
})

/** A list whose issuer signed the grant, but was no issuer any more when the grant began. */
const expiredIssuer: TrustList = {
  operator: operatorId('outpost'),
  sequence: 2,
  timeS: storyTimeS,
  issuers: [
    {
      key: issuerSigner.publicKey,
      notBeforeS: epochSeconds(0),
      notAfterS: epochSeconds(storyTimeS - 30 * 86_400),
    },
  ],
}

/** In the order of the protocol. A pinned decline is signed and stays; the other kind leaves no trace. */
const refusals: readonly (readonly [ReasonCode, 'pinned' | 'not pinned', Case])[] = [
  ['offer.unknown', 'pinned', { facts: { offer: () => ({ kind: 'unknown' }) } }],
  ['offer.expired', 'pinned', { facts: { offer: () => ({ kind: 'expired' }) } }],
  ['offer.used', 'pinned', { facts: { offer: () => ({ kind: 'used' }) } }],
  ['offer.unknown', 'not pinned', { facts: { offer: () => ({ kind: 'unknown' }) }, forgedBy: 'wallet' }],
  ['grant.missing', 'not pinned', { authorization: { grantHash: messageHash('ee'.repeat(16)) } }],
  ['grant.signature', 'not pinned', { forgedBy: 'issuer' }],
  ['wallet.signature', 'not pinned', { forgedBy: 'wallet' }],
  ['grant.issuer', 'pinned', { facts: { trust: expiredIssuer } }],
  ['grant.operator', 'pinned', { grant: { operator: operatorId('other') } }],
  ['grant.currency', 'pinned', { grant: { currency: currencyCode('GBP') } }],
  ['grant.expired', 'pinned', { grant: { notAfterS: epochSeconds(nowS - 1) } }],
  ['grant.not-yet-valid', 'pinned', { grant: { notBeforeS: epochSeconds(nowS + 301) } }],
  ['grant.site', 'pinned', { grant: { sites: [siteId('other')] } }],
  ['grant.power', 'pinned', { grant: { connectorPowerMaxW: 22_000 }, facts: { ruleFacts: bayOf(22_001) } }],
  // Nobody configured the bay's power: the limit cannot be kept there.
  ['grant.power', 'pinned', { grant: { connectorPowerMaxW: 22_000 }, facts: { ruleFacts: bayOf(0) } }],
  // The story happens at noon UTC.
  ['grant.hours', 'pinned', { grant: fleet({ fromMinute: 0, toMinute: 719 }) }],
  [
    'grant.hours',
    'pinned',
    {
      grant: fleet({ fromMinute: 0, toMinute: 1_439 }),
      facts: { time: { nowS: storyTimeS, quality: 'unknown' } },
    },
  ],
  ['wallet.daily-limit', 'pinned', { grant: fleet({ dailyLimitMinor: minorUnits(999) }) }],
  ['grant.revoked', 'pinned', { facts: { isRevoked: () => true } }],
  ['permit.vetoed', 'pinned', { facts: { isVetoed: () => true } }],
  [
    'grant.frozen',
    'pinned',
    { grant: { sites: [siteId('kinross')] }, facts: { siteReserve: () => 'frozen' } },
  ],
  ['wallet.sequence', 'pinned', { facts: { chain: () => head() } }],
  ['wallet.sequence', 'pinned', { authorization: { ...next, seq: 3 }, facts: { chain: () => head() } }],
  ['wallet.previous', 'pinned', { authorization: { previous: messageHash('ff'.repeat(16)) } }],
  [
    'wallet.previous',
    'pinned',
    { authorization: { ...next, previous: messageHash('ff'.repeat(16)) }, facts: { chain: () => head() } },
  ],
  [
    'wallet.sums',
    'pinned',
    { authorization: { ...next, grossMinor: minorUnits(4_999) }, facts: { chain: () => head() } },
  ],
  [
    'wallet.sums',
    'pinned',
    { authorization: { ...next, releasedMinor: minorUnits(3_499) }, facts: { chain: () => head() } },
  ],
  ['wallet.sums', 'pinned', { authorization: { releasedMinor: minorUnits(1) } }],
  ['wallet.sums', 'pinned', { authorization: { grossMinor: minorUnits(1_001) } }],
  [
    'wallet.sums',
    'pinned',
    { authorization: { ...next, releasedMinor: minorUnits(4_001) }, facts: { chain: () => head() } },
  ],
  // It claims to have got back what it still holds here.
  [
    'wallet.sums',
    'pinned',
    {
      authorization: { ...next, releasedMinor: minorUnits(4_000) },
      facts: { chain: () => head(), usedHere: () => ({ openMinor: 500, unconfirmedMinor: 500 }) },
    },
  ],
  [
    'wallet.spends',
    'pinned',
    { grant: { spendsMax: 3 }, authorization: next, facts: { chain: () => head() } },
  ],
  ['hold.zero', 'pinned', { hold: 0 }],
  ['wallet.cap', 'pinned', { grant: { capMinor: minorUnits(999) } }],
  [
    'hold.offer-maximum',
    'pinned',
    {
      hold: 6_001,
      grant: { sessionCapMinor: minorUnits(9_000) },
      authorization: { ...next, grossMinor: minorUnits(10_001) },
      facts: { chain: () => head({ confirmed: true }) },
    },
  ],
  ['hold.session-cap', 'pinned', { hold: 2_000, grant: { sessionCapMinor: minorUnits(1_999) } }],
  ['hold.first-seen', 'pinned', { hold: 1_501 }],
  ['hold.first-seen', 'pinned', { facts: { usedHere: () => ({ openMinor: 0, unconfirmedMinor: 501 }) } }],
  // Settled before, but not what it spent since.
  [
    'hold.first-seen',
    'pinned',
    {
      authorization: next,
      facts: {
        chain: () => head({ confirmed: true }),
        usedHere: () => ({ openMinor: 0, unconfirmedMinor: 501 }),
      },
    },
  ],
  [
    'hold.first-seen',
    'pinned',
    { hold: 3_001, grant: { passkeyHash, notBeforeS: epochSeconds(nowS - 3_600) }, attach: 'right' },
  ],
  ['hold.exposure', 'pinned', { facts: { exposureMinor: 299_001 } }],
  [
    'hold.clock',
    'pinned',
    {
      hold: 1_501,
      authorization: { ...next, grossMinor: minorUnits(5_501) },
      facts: { chain: () => head({ confirmed: true }), time: { nowS, quality: 'unknown' } },
    },
  ],
  [
    'hold.clock',
    'pinned',
    {
      hold: 1_501,
      grant: { keyProtection: 'sealed' },
      authorization: { ...next, grossMinor: minorUnits(5_501) },
      facts: { chain: () => head({ confirmed: true }) },
    },
  ],
  // Whoever shows the code can take the assertion away or spoil it: that must not burn a valid authorization.
  [
    'step-up.required',
    'not pinned',
    {
      hold: 3_001,
      grant: { passkeyHash },
      authorization: { ...next, grossMinor: minorUnits(7_001) },
      facts: { chain: () => head({ confirmed: true }) },
    },
  ],
  ['hold.first-seen', 'not pinned', { hold: 1_501, grant: { passkeyHash } }],
  ['step-up.wrong', 'not pinned', { hold: 1_501, grant: { passkeyHash }, attach: 'wrong' }],
  ['step-up.wrong', 'not pinned', { hold: 1_501, grant: { passkeyHash }, attach: 'other-authorization' }],
  ['charger.unplugged', 'pinned', { facts: { hindrance: () => 'charger.unplugged' } }],
  ['charger.busy', 'pinned', { facts: { hindrance: () => 'charger.busy' } }],
]

describe('an authorization that is refused', () => {
  test.each(refusals)('with %s (%s)', async (code, pinning, one) => {
    const declined = await refusalOf(one)
    expect(declined.refusal.code).toBe(code)
    expect(declined.pinned === undefined).toBe(pinning === 'not pinned')
  })

  test('says what would be possible', async () => {
    const { refusal } = await refusalOf({
      hold: 2_000,
      facts: { usedHere: () => ({ openMinor: 0, unconfirmedMinor: 300 }) },
    })
    expect(refusal.facts).toEqual({ limit: 1_200, asked: 2_000, possible: 1_200 })
  })

  test('moves the chain on when it continued it, and leaves it when it did not', async () => {
    const continued = await refusalOf({
      authorization: next,
      facts: { chain: () => head(), hindrance: () => 'charger.busy' },
    })
    expect(continued.pinned?.chain).toMatchObject({ seq: 4, grossMinor: 5_000 })
    const forked = await refusalOf({ authorization: { ...next, seq: 3 }, facts: { chain: () => head() } })
    expect(forked.pinned?.chain).toBeUndefined()
  })
})

describe('the order of the checks', () => {
  /** Each entry breaks one check and leaves all others as they are. */
  const breaks: readonly (readonly [ReasonCode, Case])[] = [
    ['offer.used', { facts: { offer: () => ({ kind: 'used' }) } }],
    ['wallet.signature', { forgedBy: 'wallet' }],
    ['grant.operator', { grant: { operator: operatorId('other') } }],
    ['grant.currency', { grant: { currency: currencyCode('GBP') } }],
    ['grant.expired', { grant: { notAfterS: epochSeconds(nowS - 1) } }],
    ['grant.site', { grant: { sites: [siteId('other')] } }],
    ['grant.revoked', { facts: { isRevoked: () => true } }],
    ['permit.vetoed', { facts: { isVetoed: () => true } }],
    ['wallet.sums', { authorization: { releasedMinor: minorUnits(1) } }],
    ['wallet.spends', { grant: { spendsMax: 0 } }],
    ['hold.first-seen', { hold: 1_600 }],
    ['charger.unplugged', { facts: { hindrance: () => 'charger.unplugged' } }],
  ]

  test.each(breaks.map(([code], index) => [code, index] as const))(
    '%s is named before everything that follows it',
    async (code, index) => {
      const all = breaks.slice(index).reduce<Case>(
        (sum, [, one]) => ({
          ...sum,
          ...one,
          grant: { ...sum.grant, ...one.grant },
          authorization: { ...sum.authorization, ...one.authorization },
          facts: { ...sum.facts, ...one.facts },
        }),
        {},
      )
      expect((await refusalOf(all)).refusal.code).toBe(code)
    },
  )

  test('what was answered before comes first of all, also with a wrong signature around it', async () => {
    const known = { what: 'answer', bytes: story.answer.bytes, accepted: true } as const
    const verdict = await judge({
      forgedBy: 'wallet',
      facts: { known: () => known, offer: () => ({ kind: 'unknown' }) },
    })
    expect(verdict).toEqual({ ok: true, value: { kind: 'known', known } })
  })
})

test('codes of other kinds and damaged parts are refused before anything else', async () => {
  const kinds = ['offer', 'answer', 'receipt'] as const
  for (const kind of kinds) {
    expect(presentedIn({ kind, parts: [story.answer.bytes] })).toEqual({
      ok: false,
      error: 'code.wrong-kind',
    })
  }
  const parts = [story.authorization.bytes, story.authorization.bytes]
  expect(presentedIn({ kind: 'authorization', parts })).toEqual({ ok: false, error: 'code.damaged' })
})
