/**
 * A device's log export: one bundle, from its first event. Checks what the cloud checks when it takes a bundle in, and
 * that the receipts inside are numbered without a gap.
 */

import type { Bytes } from '@/lib/core/bytes'
import type { Refusal } from '@/lib/core/reason'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { verifyWithNode } from '@/lib/crypto/node'
import { formatTimestamp } from '@/lib/format/time'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, type ParsedMessage } from '@/lib/protocol/message'
import { chargerCertificate, type ChargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { verifyByIssuer } from '@/lib/protocol/trust'
import { decodeBundle, verifyBundle, type ParsedBundle } from '@/lib/sync/bundle'
import { eventLines } from './event-lines'
import { evidenceChecks } from './log-evidence'
import type { KnownOperator } from './known-operators'
import { unreadable, type CheckLine, type PrintedReport } from './printed-report'

const codeOf = (code: ReasonCode): string => `${reasons[code].code} (${code})`

export function reportLog(bytes: Bytes, operators: readonly KnownOperator[]): PrintedReport {
  const bundle = decodeBundle(bytes)
  if (!bundle.ok) return unreadable(`This is no sound export of a log: ${codeOf(bundle.error.code)}`)
  const certificate = parseMessage(chargerCertificate, bundle.value.certificate)
  if (!certificate.ok)
    return unreadable(`The export brings no charger certificate: ${codeOf('offer.certificate')}`)
  const events = bundle.value.events.map((event) => decodeJournalEvent(event))
  const known = events.flatMap((event) => (event.ok ? [event.value] : []))
  const checks = [
    ...bundleChecks(bundle.value, certificate.value, operators),
    line(
      known.length === events.length,
      `All ${events.length} events can be read.`,
      'Some events cannot be read.',
    ),
    ...evidenceChecks(known, certificate.value, operators),
  ]
  const isGood = checks.every(({ outcome }) => outcome === 'passed')
  return {
    facts: factLines(bundle.value, certificate.value),
    checks,
    appendix: eventLines(known, bundle.value.frontier.size),
    verdict: verdictText(isGood, certificate.value, operators),
    isGood,
  }
}

const line = (holds: boolean, passed: string, failed: string): CheckLine =>
  holds ? { outcome: 'passed', text: passed } : { outcome: 'failed', text: failed }

function bundleChecks(
  bundle: ParsedBundle,
  certificate: ParsedMessage<ChargerCertificate>,
  operators: readonly KnownOperator[],
): readonly CheckLine[] {
  const { device, size } = bundle.checkpoint.payload
  const { key, chargerId, operator } = certificate.payload
  const verified = verifyBundle(bundle, key, verifyWithNode)
  const vouched = vouchingOperator(certificate, operators) !== undefined
  return [
    line(
      vouched,
      `${operator} vouches for this charger.`,
      `Nobody known vouches for this charger: ${codeOf('receipt.issuer')}`,
    ),
    line(
      device === (chargerId as string),
      'The log is that charger’s own.',
      `The log is of another device: ${codeOf('device.unknown')}`,
    ),
    line(
      verified.ok,
      `The charger signed the checkpoint of ${size} events, and the events give its Merkle root.`,
      `The charger did not sign these events: ${faultOf(verified)}`,
    ),
  ]
}

const faultOf = (result: { readonly ok: boolean; readonly error?: Refusal }): string =>
  codeOf(result.error?.code ?? 'device.checkpoint')

export const vouchingOperator = (
  certificate: ParsedMessage<ChargerCertificate>,
  operators: readonly KnownOperator[],
): KnownOperator | undefined =>
  operators.find(
    ({ trustList }) =>
      certificate.payload.operator === trustList.operator &&
      verifyByIssuer(certificate, trustList, undefined, verifyWithNode) !== undefined,
  )

function factLines(bundle: ParsedBundle, { payload }: ParsedMessage<ChargerCertificate>): readonly string[] {
  const { device, epoch, size, root, timeS } = bundle.checkpoint.payload
  return [
    `${payload.siteLabel} · ${payload.bayLabel} · ${device} · ${payload.operator}`,
    `Log epoch ${epoch}, events ${bundle.frontier.size} to ${size - 1}, as of ${formatTimestamp('en', timeS, 'UTC')} UTC`,
    `Root ${root}`,
  ]
}

function verdictText(
  isGood: boolean,
  certificate: ParsedMessage<ChargerCertificate>,
  operators: readonly KnownOperator[],
): string {
  if (!isGood) return 'Do not rely on this log.'
  return vouchingOperator(certificate, operators)?.isSample === true
    ? 'A sound sample log. It proves nothing more, because anybody can sign with the sample keys.'
    : 'A sound log: complete from its first to its last event, and unchanged since it was signed.'
}
