/**
 * Vetoes and raises of the issuer, kept as it signed them until they end. A veto keeps a session from ever being
 * accepted, or a grant from being accepted again; what runs already, runs on. A raise stands in for the caps on
 * strangers, for one grant, for a while. Answers stay the charger's.
 */

import type { GrantSerial, MessageHash } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { ok, type Result } from '@/lib/core/result'
import type { MinorUnits } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import type { Journal, JournalFault } from '@/lib/journal/journal'
import type { VerifiedMessage } from '@/lib/protocol/message'
import { permit, type Permit } from '@/lib/protocol/messages/permit'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openIssued } from '@/lib/protocol/trust'
import type { TrustedTime } from '../session/clock-floor'
import type { KioskTable } from '../session/records'

/** By what they are about (`permitKey`): the newest of each. */
export type Permits = ReadonlyMap<string, VerifiedMessage<Permit>>

export const noPermits: Permits = new Map()

const sessionVeto = (sessionId: string): string => `veto/session/${sessionId}`
const grantVeto = (serial: string): string => `veto/grant/${serial}`
const grantRaise = (serial: string): string => `raise/grant/${serial}`

export const permitKey = ({ verdict, sessionId, serial }: Permit): string =>
  verdict === 'raise'
    ? grantRaise(serial ?? '')
    : serial === undefined
      ? sessionVeto(sessionId ?? '')
      : grantVeto(serial)

/** A row that no issuer signed any more (its list has moved on) is left out; its permit has long ended. */
export function loadPermits(
  journal: Journal<KioskTable>,
  trust: TrustList,
  verify: Verify,
): Result<Permits, JournalFault> {
  const listed = journal.list('permit')
  if (!listed.ok) return listed
  const permits = new Map<string, VerifiedMessage<Permit>>()
  for (const { key, value } of listed.value) {
    const opened = openIssued(permit, value, trust, undefined, verify)
    if (opened !== undefined) permits.set(key, opened)
  }
  return ok(permits)
}

/** A veto ends only by a clock that is known; without one it holds on, which harms nobody for long. */
export function isVetoed(
  permits: Permits,
  sessionId: MessageHash | undefined,
  serial: GrantSerial,
  { nowS, quality }: TrustedTime,
): boolean {
  const vetoes = [
    permits.get(grantVeto(serial)),
    sessionId === undefined ? undefined : permits.get(sessionVeto(sessionId)),
  ]
  return vetoes.some(
    (veto) => veto !== undefined && (quality === 'unknown' || nowS <= veto.payload.notAfterS),
  )
}

/** A raise counts only while its end is known not to have come. */
export function raisedMinor(
  permits: Permits,
  serial: GrantSerial,
  { nowS, quality }: TrustedTime,
): MinorUnits | undefined {
  const raise = permits.get(grantRaise(serial))?.payload
  return raise !== undefined && quality !== 'unknown' && nowS <= raise.notAfterS
    ? raise.maximumMinor
    : undefined
}

/** Whether another may be kept. */
export const hasRoom = (permits: Permits, key: string): boolean =>
  permits.has(key) || permits.size < limits.permitsKeptMax
