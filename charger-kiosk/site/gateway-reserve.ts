/**
 * The site's reserve at its gateway (docs/protocol, risk limits): a spend is entered there, on its disk, before energy
 * flows. A driver waits a second for it at most, and not at all while the gateway is known to be gone; without its word
 * there is no reserve, and the caps for strangers apply.
 */

import type { Timers } from '@/lib/core/clock'
import { durationMs } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import type { GatewayLine } from '@/lib/roads/gateway-line'
import { isContradicted } from '@/lib/sync/site-book'
import { verifySpendProof, type ProvenSpend } from '@/lib/sync/spend-proof'
import type { Reserved, ReserveStanding, SignedSpend, SiteReserve } from '../session/site-reserve'
import type { SiteCopy } from './site-copy'

const answerWithinMs = durationMs(1_000)

export interface GatewayReserveParts {
  readonly line: Pick<GatewayLine, 'reserve'>
  readonly copy: SiteCopy
  readonly timers: Timers
  readonly trust: () => TrustList
  readonly verify: Verify
  /** Whether the gateway is there and has been told everything by everybody, as far as was heard. */
  readonly isWhole: () => boolean
  /** It did not answer in time. */
  readonly onSilence: () => void
  readonly onEntered: (spend: ProvenSpend) => void
}

export function gatewayReserve(parts: GatewayReserveParts): SiteReserve {
  const { copy } = parts
  return {
    entersRoaming: true,
    get isWhole() {
      return parts.isWhole()
    },
    standing: (serial) => {
      if (isContradicted(copy.book.page(serial))) return 'frozen'
      // What it says when it is asked decides.
      return parts.isWhole() ? 'held' : 'absent'
    },
    reserve: (spend) => reserveAt(parts, spend),
  }
}

async function reserveAt(
  { line, copy, timers, trust, verify, isWhole, onSilence, onEntered }: GatewayReserveParts,
  { grant, authorization }: SignedSpend,
): Promise<Reserved> {
  const proof = { grant: grant.bytes, authorization: authorization.bytes }
  const proven = verifySpendProof(proof, trust(), verify)
  // A seq beyond what the grant allows: declined for that, and no news to anybody.
  if (!proven.ok) return { standing: 'absent', writes: [] }
  const { writes } = copy.enter(proven.value)
  onEntered(proven.value)
  const isFrozen = (): boolean => isContradicted(copy.book.page(grant.payload.serial))
  if (isFrozen() || !isWhole()) return { standing: isFrozen() ? 'frozen' : 'absent', writes }
  const answered = await withinTime(line.reserve(proof), timers)
  if (answered === undefined || !answered.ok) onSilence()
  const said: ReserveStanding = answered?.ok === true ? answered.value.standing : 'absent'
  return { standing: isFrozen() ? 'frozen' : said, writes }
}

function withinTime<T>(answer: Promise<T>, timers: Timers): Promise<T | undefined> {
  return new Promise((resolve) => {
    const cancel = timers.after(answerWithinMs, () => resolve(undefined))
    void answer.then((value) => {
      cancel()
      resolve(value)
    })
  })
}
