/**
 * Who may enter: the pass is the issuer's, of this operator and site, in force and not taken back, and the phone signed
 * this charger's fresh challenge with the key that the pass names. Each fault has its own reason. Pure.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { GrantSerial, MessageHash } from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { technicianEntry } from '@/lib/protocol/messages/technician-entry'
import { technicianPass, type TechnicianPass } from '@/lib/protocol/messages/technician-pass'
import { verifyByIssuer } from '@/lib/protocol/trust'
import type { Challenge, EntryFacts } from '../controller/technician-post'
import type { TechnicianRights } from '../screen-protocol-technician'

/** The issuer's clock may be a little ahead of the charger's. */
const startToleranceS = 300

export interface Entered {
  readonly serial: GrantSerial
  readonly rights: TechnicianRights
  readonly challenge: Challenge
  readonly entry: Bytes
  readonly pass: Bytes
}

export function checkEntry(
  parts: readonly Bytes[],
  facts: EntryFacts,
  challengeOf: (hash: MessageHash) => Result<Challenge, ReasonCode>,
): Result<Entered, ReasonCode> {
  const [entryBytes, passBytes] = parts
  if (entryBytes === undefined || passBytes === undefined) return err('code.damaged')
  const entry = parseMessage(technicianEntry, entryBytes)
  const shown = parseMessage(technicianPass, passBytes)
  if (!entry.ok || !shown.ok) return err('code.damaged')
  const challenge = challengeOf(entry.value.payload.challengeHash)
  if (!challenge.ok) return challenge
  const pass = verifyByIssuer(shown.value, facts.trust, facts.nowS, facts.verify)
  if (pass === undefined) return err('technician.signature')
  const isHolder =
    entry.value.payload.passHash === pass.hash &&
    verifyMessage(entry.value, pass.payload.key, facts.verify) !== undefined
  if (!isHolder) return err('technician.key')
  const fault = passFault(pass.payload, facts)
  if (fault !== undefined) return err(fault)
  return ok({
    serial: pass.payload.serial,
    rights: rightsOf(pass.payload),
    challenge: challenge.value,
    entry: entry.value.bytes,
    pass: pass.bytes,
  })
}

/** Time is at least the clock's floor here: a clock that was set back does not bring an old pass back. */
function passFault(pass: TechnicianPass, facts: EntryFacts): ReasonCode | undefined {
  const { certificate, nowS } = facts
  if (pass.operator !== certificate.operator) return 'technician.operator'
  if (nowS + startToleranceS < pass.notBeforeS) return 'technician.not-yet-valid'
  if (nowS > pass.notAfterS) return 'technician.expired'
  if (pass.sites.length > 0 && !pass.sites.includes(certificate.siteId)) return 'technician.site'
  if (facts.isRevoked(pass.serial)) return 'technician.revoked'
  const { diagnostics, service } = rightsOf(pass)
  return diagnostics || service ? undefined : 'technician.rights'
}

export const rightsOf = ({ rights }: TechnicianPass): TechnicianRights => ({
  diagnostics: (rights & 1) !== 0,
  service: (rights & 2) !== 0,
})
