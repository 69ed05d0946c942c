/**
 * The charger's acceptance. First with everything but the wallets' keys: whatever is accepted must be one of the
 * authorizations that a wallet signed, under a grant that the issuer signed. Then with a wallet's own key, as a thief
 * or a dishonest driver has it: whatever is accepted must keep the rules, which are written down here a second time.
 */

import type { KeyObject } from 'node:crypto'
import { decide, presentedIn, type AcceptanceFacts, type Accepted } from '@/charger-kiosk/session/acceptance'
import { judgeBearer, type BearerFacts } from '@/charger-kiosk/session/bearer'
import { equalBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { decodeEnvelope, encodeEnvelope } from '@/lib/protocol/envelope'
import { parseMessage } from '@/lib/protocol/message'
import { voucher } from '@/lib/protocol/messages/voucher'
import type { Story } from '@/tests/fixtures/messages'
import { acceptanceCorpus, acceptanceFacts, type GenuineAuthorization } from './acceptance-corpus'
import { byteString, readTree, writeTree, type Tree } from './cbor-tree'
import { payloadOf } from './message-targets'
import { signNow, testSecret } from './sign-now'
import type { Target } from './target'

/** @param planted replaces part of what the charger knows, to show that a charger with a bug is found out. */
export async function acceptanceTargets(
  story: Story,
  planted: Partial<AcceptanceFacts> = {},
): Promise<Target[]> {
  const corpus = await acceptanceCorpus(story)
  const said = whatWasSaid(story, corpus)
  const facts = { ...acceptanceFacts(story), ...planted }
  const genuine = corpus.map(({ envelope }) => envelope)
  return [
    {
      name: 'acceptance',
      weight: 30,
      genuine,
      judge: judgeBySigners(said, facts),
      resign: resignAsStranger,
    },
    {
      name: 'acceptance of a thief',
      weight: 10,
      genuine,
      judge: judgeByRules(said, facts),
      resign: resignAsWallet,
    },
    bearerTarget(story, facts),
  ]
}

/** A printed card: nothing but the issuer's signature stands behind it. */
function bearerTarget(story: Story, facts: AcceptanceFacts): Target {
  const standing = facts.offer(story.offer.hash)
  if (standing.kind !== 'live') throw new Error('The story has an offer')
  const known: BearerFacts = { ...facts, siteReserve: () => 'held', offer: standing.offer, spentMinor: 0 }
  const genuine = encodeEnvelope({ kind: 'voucher', parts: [story.voucher.bytes] })
  return {
    name: 'acceptance of a card',
    weight: 4,
    genuine: [genuine],
    judge: (input) => {
      const envelope = decodeEnvelope(input)
      const [bytes] = envelope.ok && envelope.value.kind === 'voucher' ? envelope.value.parts : []
      const parsed = bytes === undefined ? undefined : parseMessage(voucher, bytes)
      if (parsed?.ok !== true) return 'refused'
      const judged = judgeBearer(parsed.value, known)
      if (!judged.ok) return 'refused'
      const isGenuine = equalBytes(judged.value.voucher.bytes, story.voucher.bytes)
      return isGenuine && judged.value.holdMinor <= 1_500 ? 'accepted' : 'false-accept'
    },
    resign: (dice, mutated) => resignedCard(mutated, dice.pick(strangers)),
  }
}

function resignedCard(mutated: Bytes, secret: KeyObject): Bytes | undefined {
  const tree = readTree(mutated)
  const [kind, part] = tree?.kind === 'array' ? tree.items : []
  const payload = part?.kind === 'bytes' ? payloadOf(part.bytes) : undefined
  if (kind === undefined || payload === undefined) return undefined
  return writeTree({ kind: 'array', items: [kind, byteString(signNow('voucher', payload, secret))] })
}

function acceptedFrom(input: Bytes, facts: AcceptanceFacts): Accepted | undefined {
  const envelope = decodeEnvelope(input)
  const presented = envelope.ok ? presentedIn(envelope.value) : envelope
  if (!presented.ok) return undefined
  const verdict = decide(presented.value, facts)
  return verdict.ok && verdict.value.kind === 'accepted' ? verdict.value : undefined
}

/** What wallets, passkeys and the issuer truly signed, as hex. */
interface Said {
  readonly consents: ReadonlySet<string>
  readonly grants: ReadonlySet<string>
  readonly assertions: ReadonlySet<string>
}

/** The story's own too: pieces of other targets are spliced in, and two of them make one authorization again. */
function whatWasSaid(story: Story, corpus: readonly GenuineAuthorization[]): Said {
  const hexOf = (pieces: readonly Bytes[]): ReadonlySet<string> => new Set(pieces.map(toHex))
  return {
    consents: hexOf([story.authorization.bytes, ...corpus.map((one) => one.authorization.bytes)]),
    grants: hexOf([story.grant.bytes, ...corpus.map((one) => one.grant.bytes)]),
    assertions: hexOf(corpus.flatMap((one) => (one.assertion === undefined ? [] : [one.assertion]))),
  }
}

function judgeBySigners({ consents, grants, assertions }: Said, facts: AcceptanceFacts): Target['judge'] {
  return (input) => {
    const accepted = acceptedFrom(input, facts)
    if (accepted === undefined) return 'refused'
    const isGenuine =
      consents.has(toHex(accepted.authorization.bytes)) &&
      grants.has(toHex(accepted.grant.bytes)) &&
      (accepted.passkeyAssertion === undefined || isSameConfirmation(accepted.passkeyAssertion, assertions))
    return isGenuine ? 'accepted' : 'false-accept'
  }
}

/** ECDSA has two signatures for one; everything that the passkey signed must be the same. */
function isSameConfirmation(assertion: Bytes, genuine: ReadonlySet<string>): boolean {
  const fields = (bytes: Uint8Array): string => {
    const tree = readTree(bytes)
    const entries = tree?.kind === 'map' ? tree.entries.slice(0, 4) : []
    return toHex(writeTree({ kind: 'map', entries }))
  }
  const wanted = fields(assertion)
  return [...genuine].some((hex) => fields(Uint8Array.from(Buffer.from(hex, 'hex'))) === wanted)
}

function judgeByRules({ grants }: Said, facts: AcceptanceFacts): Target['judge'] {
  return (input) => {
    const accepted = acceptedFrom(input, facts)
    if (accepted === undefined) return 'refused'
    return grants.has(toHex(accepted.grant.bytes)) && keepsRules(accepted, facts)
      ? 'accepted'
      : 'false-accept'
  }
}

/** Rules of money 3 and 4 as plain inequalities, for a charger that knows nobody well. */
function keepsRules({ authorization, grant, passkeyAssertion }: Accepted, facts: AcceptanceFacts): boolean {
  const { holdMinor, seq, previous, grossMinor, releasedMinor, offerHash, grantHash } = authorization.payload
  const last = facts.chain(grant.payload.serial)
  const firstSeenMinor = last?.confirmed === true ? Infinity : passkeyAssertion === undefined ? 1_500 : 6_000
  return (
    facts.offer(offerHash).kind === 'live' &&
    grantHash === grant.hash &&
    holdMinor > 0 &&
    holdMinor <= Math.min(firstSeenMinor, 6_000, grant.payload.sessionCapMinor) &&
    (passkeyAssertion !== undefined || holdMinor <= 3_000) &&
    seq > (last?.seq ?? 0) &&
    seq <= grant.payload.spendsMax &&
    (seq > 1 || previous === grant.hash) &&
    (last === undefined || seq > last.seq + 1 || previous === last.hash) &&
    grossMinor >= (last?.grossMinor ?? 0) + holdMinor &&
    releasedMinor >= (last?.releasedMinor ?? 0) &&
    grossMinor - releasedMinor <= grant.payload.capMinor
  )
}

const strangers = ['stranger', 'charger', 'root', 'nobody'].map(testSecret)
const wallets = ['wallet', 'boris', 'clara', 'fleet', 'sealed', 'dora'].map(testSecret)

/** The first part, the second or both, signed by keys that neither wallet nor issuer have. */
const resignAsStranger: Target['resign'] = (dice, mutated) =>
  resigned(mutated, (type, payload) =>
    dice.chance(0.6) ? signNow(type, payload, dice.pick(strangers)) : undefined,
  )

/** The authorization, by one of the wallets: often the one whose grant is beside it, as each has the same chance. */
const resignAsWallet: Target['resign'] = (dice, mutated) =>
  resigned(mutated, (type, payload) =>
    type === 'authorization' ? signNow(type, payload, dice.pick(wallets)) : undefined,
  )

function resigned(
  mutated: Bytes,
  sign: (type: string, payload: Uint8Array) => Bytes | undefined,
): Bytes | undefined {
  const tree = readTree(mutated)
  if (tree?.kind !== 'array') return undefined
  const again = (part: Tree | undefined, type: string): Tree[] => {
    if (part?.kind !== 'bytes') return part === undefined ? [] : [part]
    const payload = payloadOf(part.bytes) ?? payloadOf(writeTree(part.inner ?? part))
    const bytes = payload === undefined ? undefined : sign(type, payload)
    return [bytes === undefined ? part : { kind: 'bytes', bytes }]
  }
  const [kind, consent, granted, ...rest] = tree.items
  if (kind === undefined) return undefined
  return writeTree({
    kind: 'array',
    items: [kind, ...again(consent, 'authorization'), ...again(granted, 'grant'), ...rest],
  })
}
