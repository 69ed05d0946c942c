/**
 * The ceremony over a link: whatever the charger says is taken as if a camera had read it, and whatever the driver has
 * signed for this charger is sent without being shown. Nothing is sent that is not on disk (the wallet signs only then),
 * and nothing needs the link: when it breaks, the same codes are shown instead, and get the same answers.
 */

import type { SessionId } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type { EpochSeconds } from '@/lib/core/units'
import type { EnvelopeKind } from '@/lib/protocol/envelope'
import { newsCodeFor } from './carried-news'
import type { ScanOutcome } from './ceremony'
import type { ChargerLink } from './charger-link'
import { codeOf, stopCodeOf, type Wallet } from './wallet'
import { findEntry, type WalletState } from './wallet-state'

export interface LinkedCeremony {
  /** Ends the link; the session goes on at the charger. */
  leave(): void
}

/** Ends by itself with the link. `onOutcome` hears of everything that the charger said, refused or taken. */
export function followLink(
  wallet: Wallet,
  link: ChargerLink,
  onOutcome: (outcome: Result<ScanOutcome, Refusal>) => void,
): LinkedCeremony {
  const sent = new Set<string>()
  let isOver = false
  const sendWhatIsNew = async (): Promise<void> => {
    for (const code of codesToSend(wallet.snapshot(), wallet.nowS())) {
      if (isOver || sent.has(code)) continue
      // Before it is on its way, so that a second change meanwhile does not send it twice.
      sent.add(code)
      const delivered = await link.send(code)
      if (!delivered.ok) {
        leave()
        onOutcome(delivered)
        return
      }
    }
  }
  const unsubscribe = wallet.subscribe(() => void sendWhatIsNew())
  const leave = (): void => {
    if (isOver) return
    isOver = true
    unsubscribe()
    link.close()
  }
  link.listen((code) => {
    if (isOver) return
    void wallet.scan(code, acceptedIn(wallet.snapshot())).then((outcome) => {
      if (!isOver) onOutcome(outcome)
    })
  })
  void link.ended.then(leave)
  void sendWhatIsNew()
  return { leave }
}

const evidence: readonly EnvelopeKind[] = ['answer', 'status', 'receipt']

/** A charger renews its offer as long as nobody approved one; during a session another offer would lead away from it. */
const acceptedIn = ({ ceremony }: WalletState): readonly EnvelopeKind[] =>
  ceremony?.kind === 'session' ? evidence : ['offer', ...evidence]

/**
 * The codes of the session at hand, in the order in which the charger wants them: news first, because they bear on the
 * answer; the authorization again after a reconnection, because its answer or receipt comes back for it (rule 5); then
 * a stop that was asked for.
 */
export function codesToSend(state: WalletState, nowS: EpochSeconds): readonly string[] {
  const { ceremony } = state
  if (ceremony?.kind !== 'session') return []
  return codesOfSession(state, ceremony.sessionId, nowS)
}

function codesOfSession(state: WalletState, id: SessionId, nowS: EpochSeconds): readonly string[] {
  const place = findEntry(state, id)
  if (place === undefined) return []
  const { chain, entry } = place
  const own = codeOf(chain, entry)
  const codes = [
    own === undefined ? undefined : newsCodeFor(state, chain, entry, nowS),
    own,
    stopCodeOf(entry),
  ]
  return codes.filter((code) => code !== undefined)
}
