/** What a charger said no with; by an operator's rule, in the operator's own words, where it is certain which rule it was. */

import { refusal, type Refusal } from '@/lib/core/reason'
import { loadedRules } from '@/lib/policy/rule-reader'
import { declineFacts, judgeByRules } from '@/lib/policy/rules'
import { factsHere, offeredPolicy } from './rules-here'
import { findEntry, type WalletState } from './wallet-state'

/** Undefined where nothing was declined. */
export function refusalOfDecline(state: WalletState, sessionId: string): Refusal | undefined {
  const found = findEntry(state, sessionId)
  if (found?.entry.state.kind !== 'declined') return undefined
  const { reason } = found.entry.state
  const plain = refusal(reason)
  if (reason !== 'rule.declined' || state.trust === null) return plain
  const { offer, payload, passkeyAssertion } = found.entry
  const policy = offeredPolicy(state.trust, offer.payload)
  const declining = policy?.rules?.filter(({ decline }) => decline !== undefined) ?? []
  const [first] = declining
  const engine = loadedRules()
  if (policy === undefined || first === undefined || engine === undefined) return plain
  const asked = { holdMinor: payload.holdMinor, stepUp: passkeyAssertion !== null, nowS: payload.timeS }
  const facts = factsHere(policy, found.chain.grant.payload, offer.payload, asked)
  const said = judgeByRules(declining, facts, engine, 'phone').declinedBy
  // The only rule that declines is the one that did, whatever this phone can know of it.
  const rule = said ?? (declining.length === 1 ? first : undefined)
  return rule === undefined ? plain : refusal(reason, declineFacts(rule))
}
