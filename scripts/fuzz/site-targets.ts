/** What chargers and their gateway tell each other about the site: the wire, and proofs of spends. */

import type { Bytes } from '@/lib/core/bytes'
import { verifyWithNode } from '@/lib/crypto/node'
import { encodeNewsItem } from '@/lib/protocol/news-item'
import {
  reserveMessage,
  reserveReplyMessage,
  siteCallMessage,
  siteReplyMessage,
} from '@/lib/roads/gateway-site-messages'
import { verifySpendProof, type SpendProof } from '@/lib/sync/spend-proof'
import type { Story } from '@/tests/fixtures/messages'
import { roundTrip } from './document-targets'
import type { Target } from './target'

export function siteTargets(story: Story): Target[] {
  const news = [encodeNewsItem({ kind: 'revocation-delta', message: story.revocationDelta.bytes })]
  const held: SpendProof = { grant: story.grant.bytes, authorization: story.authorization.bytes }
  const { certificate, offer, receipt } = story
  const over: SpendProof = {
    ...held,
    release: { certificate: certificate.bytes, offer: offer.bytes, verdict: receipt.bytes },
  }
  const run = '0011223344556677'
  const call = { run, since: 7, spends: [held, over], news, isAll: true, waitMs: 20_000 }
  const reply = { run, upTo: 9, isMore: false, spends: [over], news, isWhole: true }
  const site = [siteCallMessage.encode(call)]
  const answers = [siteReplyMessage.encode(reply)]
  const standings = [reserveReplyMessage.encode({ standing: 'absent', cause: 'claim' })]
  const proofs = [held, over].map((proof) => reserveMessage.encode(proof))
  return [
    roundTrip('site call', 2, site, siteCallMessage.decode, siteCallMessage.encode),
    roundTrip('site reply', 2, answers, siteReplyMessage.decode, siteReplyMessage.encode),
    roundTrip('reserve reply', 1, standings, reserveReplyMessage.decode, reserveReplyMessage.encode),
    spendTarget(story, proofs),
  ]
}

/** Whoever passes a spend on can leave out that it is over, and nothing else. */
function spendTarget(story: Story, genuine: readonly Bytes[]): Target {
  const known = new Set(genuine.map((bytes) => bytes.toString()))
  return {
    name: 'spend proof',
    weight: 3,
    genuine,
    judge: (input) => {
      const read = reserveMessage.decode(input)
      if (!read.ok) return 'refused'
      const proven = verifySpendProof(read.value, story.trustList.payload, verifyWithNode)
      if (!proven.ok) return 'refused'
      return known.has(reserveMessage.encode(proven.value.proof).toString()) ? 'accepted' : 'false-accept'
    },
  }
}
