/**
 * Authorizations that reach a charger, each with the reason for which it must decline: all are well formed, and all
 * but those that say so are rightly signed. The charger knows nothing of the wallet yet.
 */

import { noChargerFacts } from '@/lib/policy/rule-facts'
import type { AcceptanceFacts } from '@/charger-kiosk/session/acceptance'
import { toHex, type Bytes } from '@/lib/core/bytes'
import { currencyCode, grantSerial, messageHash, operatorId, siteId } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import type { Signer } from '@/lib/crypto/signature'
import { envelopeToText } from '@/lib/protocol/envelope'
import { signMessage } from '@/lib/protocol/message'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { grant, type Grant } from '@/lib/protocol/messages/grant'
import {
  issuerSigner,
  storyGrant,
  storyTimeS,
  testSigner,
  walletSigner,
  type Story,
} from '../fixtures/messages'
import { assertionOver, passkeyHash } from '../fixtures/virtual-passkey'

export interface AcceptanceVector {
  readonly name: string
  readonly text: string
  readonly expected: 'accepted' | ReasonCode
}

/** Revoked at this charger. */
const revokedSerial = grantSerial('00000000000000aa')
const nowS = epochSeconds(storyTimeS + 60)

/** What the charger knows, as the vectors file says it in words. */
export const chargerFacts = (story: Story): AcceptanceFacts => {
  const { hash, bytes, payload } = story.offer
  const live = {
    hash,
    bytes,
    payload,
    policy: story.policy.payload,
    certificate: story.certificate.bytes,
    key: story.certificate.payload.key,
    expiresAtMs: 300_000,
    state: 'open',
  } as const
  return {
    operator: operatorId('outpost'),
    siteId: siteId('kinross'),
    time: { nowS, quality: 'synchronised' },
    trust: story.trustList.payload,
    stepUp: { relyingPartyId: 'localhost', origins: ['http://localhost:3000'] },
    verify: verifyWithNode,
    exposureMinor: 0,
    known: () => undefined,
    offer: (wanted) => (wanted === hash ? { kind: 'live', offer: live } : { kind: 'unknown' }),
    chain: () => undefined,
    usedHere: () => ({ openMinor: 0, unconfirmedMinor: 0 }),
    isRevoked: (serial) => serial === revokedSerial,
    isVetoed: () => false,
    raisedMinor: () => undefined,
    siteReserve: () => 'absent',
    hindrance: () => undefined,
    ruleFacts: () => noChargerFacts,
  }
}

/** The same in a form that another implementation can read. */
export const chargerContext = (story: Story): object => ({
  nowS,
  clockQuality: 'synchronised',
  operator: 'outpost',
  site: 'kinross',
  trustList: toHex(story.trustList.bytes),
  policy: toHex(story.policy.bytes),
  liveOffer: toHex(story.offer.bytes),
  revokedSerials: [revokedSerial],
  passkey: { relyingPartyId: 'localhost', origins: ['http://localhost:3000'] },
  knownChains: [],
  vehiclePlugged: true,
})

interface Case {
  readonly name: string
  readonly expected: AcceptanceVector['expected']
  readonly grant?: Partial<Grant>
  readonly authorization?: Partial<Authorization>
  readonly hold?: number
  readonly issuer?: Signer
  readonly wallet?: Signer
  readonly assertion?: 'right' | 'other-authorization' | 'other-origin' | 'unverified-user'
}

const stranger = testSigner('stranger')
const dayS = 86_400

const cases: readonly Case[] = [
  { name: 'a valid one', expected: 'accepted' },
  {
    name: 'of an offer that is not this charger’s',
    expected: 'offer.unknown',
    authorization: { offerHash: messageHash('5'.repeat(32)) },
  },
  { name: 'with a grant that a stranger signed', expected: 'grant.signature', issuer: stranger },
  { name: 'with a grant that the wallet signed itself', expected: 'grant.signature', issuer: walletSigner },
  { name: 'signed by another key than the grant’s', expected: 'wallet.signature', wallet: stranger },
  { name: 'signed by the issuer for the wallet', expected: 'wallet.signature', wallet: issuerSigner },
  {
    name: 'that names another grant than it brings',
    expected: 'grant.missing',
    authorization: { grantHash: messageHash('6'.repeat(32)) },
  },
  {
    name: 'of another operator’s grant',
    expected: 'grant.operator',
    grant: { operator: operatorId('rival') },
  },
  {
    name: 'in another currency than the offer',
    expected: 'grant.currency',
    grant: { currency: currencyCode('CHF') },
  },
  {
    name: 'with a grant that has expired',
    expected: 'grant.expired',
    grant: { notAfterS: epochSeconds(storyTimeS + 59) },
  },
  {
    name: 'with a grant from before its issuer’s time',
    expected: 'grant.issuer',
    grant: { notBeforeS: epochSeconds(storyTimeS - 2 * 365 * dayS) },
  },
  {
    name: 'with a grant for later',
    expected: 'grant.not-yet-valid',
    grant: { notBeforeS: epochSeconds(storyTimeS + dayS) },
  },
  { name: 'with a grant for other sites', expected: 'grant.site', grant: { sites: [siteId('dundee')] } },
  {
    name: 'with a grant for weaker bays',
    expected: 'grant.power',
    grant: { connectorPowerMaxW: 11_000 },
  },
  { name: 'with a grant that was revoked', expected: 'grant.revoked', grant: { serial: revokedSerial } },
  {
    name: 'with a fleet grant outside of its hours',
    expected: 'grant.hours',
    grant: {
      fleetRules: {
        fleet: 1,
        vehicleClass: 0,
        dailyLimitMinor: minorUnits(0),
        fromMinute: 60,
        toMinute: 120,
      },
    },
  },
  {
    name: 'above the fleet’s daily limit',
    expected: 'wallet.daily-limit',
    grant: {
      fleetRules: { fleet: 1, vehicleClass: 0, dailyLimitMinor: minorUnits(900), fromMinute: 0, toMinute: 0 },
    },
  },
  { name: 'with seq 0', expected: 'wallet.sequence', authorization: { seq: 0 } },
  {
    name: 'with seq 1 that does not follow the grant',
    expected: 'wallet.previous',
    authorization: { previous: messageHash('7'.repeat(32)) },
  },
  {
    name: 'with a gross below its own hold',
    expected: 'wallet.sums',
    authorization: { grossMinor: minorUnits(999) },
  },
  {
    name: 'with more released than ever held',
    expected: 'wallet.sums',
    authorization: { releasedMinor: minorUnits(1_001) },
  },
  { name: 'above the grant’s cap', expected: 'wallet.cap', grant: { capMinor: minorUnits(999) } },
  { name: 'with more spends than granted', expected: 'wallet.spends', grant: { spendsMax: 0 } },
  { name: 'above the offer’s maximum', expected: 'hold.offer-maximum', hold: 6_001 },
  {
    name: 'above the grant’s session cap',
    expected: 'hold.session-cap',
    grant: { sessionCapMinor: minorUnits(999) },
  },
  { name: 'of a stranger above the first-seen cap', expected: 'hold.first-seen', hold: 1_501 },
  { name: 'of a stranger whose passkey confirmed', expected: 'accepted', hold: 1_501, assertion: 'right' },
  {
    name: 'with the confirmation of another authorization',
    expected: 'step-up.wrong',
    hold: 1_501,
    assertion: 'other-authorization',
  },
  {
    name: 'with a confirmation made at another site',
    expected: 'step-up.wrong',
    hold: 1_501,
    assertion: 'other-origin',
  },
  {
    name: 'with a confirmation by whoever held the phone',
    expected: 'step-up.wrong',
    hold: 1_501,
    assertion: 'unverified-user',
  },
  { name: 'of nothing', expected: 'hold.zero', hold: 0 },
]

export const acceptanceVectors = (story: Story): Promise<AcceptanceVector[]> =>
  Promise.all(
    cases.map(async (one) => ({
      name: `an authorization ${one.name}`,
      text: await codeOf(one, story),
      expected: one.expected,
    })),
  )

async function codeOf(one: Case, story: Story): Promise<string> {
  const granted = await signMessage(
    grant,
    { ...storyGrant, passkeyHash, ...one.grant },
    one.issuer ?? issuerSigner,
  )
  const holdMinor = minorUnits(one.hold ?? 1_000)
  const signed = await signMessage(
    authorization,
    {
      offerHash: story.offer.hash,
      holdMinor,
      seq: 1,
      previous: granted.hash,
      grossMinor: holdMinor,
      releasedMinor: minorUnits(0),
      timeS: epochSeconds(storyTimeS + 30),
      revocationEpoch: 12,
      grantHash: granted.hash,
      ...one.authorization,
    },
    one.wallet ?? walletSigner,
  )
  const attached: Bytes[] = one.assertion === undefined ? [] : [confirm(one.assertion, signed.hash, story)]
  return envelopeToText({ kind: 'authorization', parts: [signed.bytes, granted.bytes, ...attached] })
}

function confirm(
  how: NonNullable<Case['assertion']>,
  hash: ReturnType<typeof messageHash>,
  story: Story,
): Bytes {
  switch (how) {
    case 'right':
      return assertionOver(hash)
    case 'other-authorization':
      return assertionOver(story.authorization.hash)
    case 'other-origin':
      return assertionOver(hash, { origin: 'http://evil.example' })
    case 'unverified-user':
      return assertionOver(hash, { flags: 0x01 })
  }
}
