/**
 * Incidents of a charger in a form that somebody else can check without asking anybody: each as the event that the charger
 * wrote, with the proof that it stands in the log whose size and root the charger signed (RFC 9162 §2.1.3). What people read
 * of it (kind, severity, words) is drawn from the event again by whoever checks, and compared.
 */

import { fromBase64Url, fromHex, toBase64Url, toHex, type Bytes } from '@/lib/core/bytes'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { epochSeconds } from '@/lib/core/units'
import type { Verify } from '@/lib/crypto/signature'
import { leafHash, parseHash, type Hash } from '@/lib/log/hash'
import { verifyInclusion } from '@/lib/log/proof'
import { decodeJournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, verifyMessage } from '@/lib/protocol/message'
import { checkpoint, type Checkpoint } from '@/lib/protocol/messages/checkpoint'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openChargerCertificate } from '@/lib/protocol/trust'

export const incidentFormat = 'outpost-incidents/1'

/** `danger`: to people or things. `security`: somebody tampered. `fault`: something does not work. `notice`: the rest. */
export const severities = ['danger', 'security', 'fault', 'notice'] as const
export type Severity = (typeof severities)[number]

/** By its name, or else by the first part of it. */
const severityByName: Readonly<Record<string, Severity>> = {
  'anomaly.tamper': 'security',
  'anomaly.declines': 'security',
  'site.frozen': 'security',
  safety: 'danger',
  seal: 'security',
  ...{ anomaly: 'fault', charger: 'fault', clock: 'fault', forward: 'fault', meter: 'fault', news: 'fault' },
  ...{ ocpp: 'fault', policy: 'fault', 'self-test': 'fault', stop: 'fault' },
}

export const severityOf = (what: string): Severity =>
  severityByName[what] ?? severityByName[what.split('.')[0] ?? ''] ?? 'notice'

export interface ToldIncident {
  readonly seq: number
  readonly timeS: number
  readonly what: string
  readonly severity: Severity
  readonly detail: string
  readonly sessionId: string | null
}

export interface ProvenIncident extends ToldIncident {
  /** The event as the charger wrote it, base64url. */
  readonly event: string
  /** Siblings from the leaf up to the root, hex. */
  readonly proof: readonly string[]
}

export interface IncidentReport {
  readonly format: typeof incidentFormat
  readonly device: string
  readonly epoch: number
  readonly madeAtS: number
  /** Signed by the charger, base64url. */
  readonly checkpoint: string
  readonly certificate: string
  readonly incidents: readonly ProvenIncident[]
}

/** Undefined for an event that is none. */
export function incidentIn(seq: number, bytes: Uint8Array): ToldIncident | undefined {
  const event = decodeJournalEvent(bytes)
  if (!event.ok || event.value.kind !== 'incident') return undefined
  const { timeS, what, detail, sessionId = null } = event.value
  return { seq, timeS, what, severity: severityOf(what), detail, sessionId }
}

export const provenIncident = (
  told: ToldIncident,
  bytes: Uint8Array,
  proof: readonly Hash[],
): ProvenIncident => ({ ...told, event: toBase64Url(bytes), proof: proof.map((hash) => toHex(hash)) })

export interface CheckedReport {
  readonly checkpoint: Checkpoint
  readonly incidents: readonly ToldIncident[]
}

/** More than a charger has in years. */
const incidentsMax = 10_000

/**
 * Refuses with `api.malformed` (no such report), `device.unknown` (no charger of this operator signed it),
 * `device.checkpoint` (an incident does not stand in the log, or is told otherwise than it was written; facts: `seq`).
 */
export function checkIncidentReport(
  json: unknown,
  trustList: TrustList,
  verify: Verify,
): Result<CheckedReport, Refusal> {
  const report = readReport(json)
  const signed = report === undefined ? undefined : bytesOf(report.checkpoint)
  const parsed = signed === undefined ? undefined : parseMessage(checkpoint, signed)
  const papers = report === undefined ? undefined : bytesOf(report.certificate)
  if (report === undefined || parsed?.ok !== true || papers === undefined)
    return err(refusal('api.malformed'))
  const certificate = openChargerCertificate(papers, trustList, parsed.value.payload.timeS, verify)
  if (!certificate.ok || String(certificate.value.payload.chargerId) !== String(parsed.value.payload.device))
    return err(refusal('device.unknown'))
  const held = verifyMessage(parsed.value, certificate.value.payload.key, verify)
  if (held === undefined) return err(refusal('device.unknown'))
  const { device, epoch, size, root } = held.payload
  const rootHash = parseHash(fromHex(root))
  if (rootHash === undefined || report.device !== String(device) || report.epoch !== epoch)
    return err(refusal('device.checkpoint'))
  const incidents: ToldIncident[] = []
  for (const one of report.incidents) {
    const told = checkOne(one, size, rootHash)
    if (told === undefined) return err(refusal('device.checkpoint', { seq: Number(one.seq) || 0 }))
    incidents.push(told)
  }
  return ok({ checkpoint: held.payload, incidents })
}

function checkOne(one: ProvenIncident, size: number, root: Hash): ToldIncident | undefined {
  const bytes = bytesOf(one.event)
  if (bytes === undefined || !Number.isSafeInteger(one.seq) || !Array.isArray(one.proof)) return undefined
  const proof = one.proof.map((text) =>
    typeof text === 'string' && /^[0-9a-f]{64}$/.test(text) ? parseHash(fromHex(text)) : undefined,
  )
  const told = incidentIn(one.seq, bytes)
  if (told === undefined || proof.some((hash) => hash === undefined)) return undefined
  const isToldRight = (Object.keys(told) as (keyof ToldIncident)[]).every((name) => one[name] === told[name])
  const stands = verifyInclusion(leafHash(bytes), one.seq, size, proof as readonly Hash[], root)
  return isToldRight && stands ? told : undefined
}

const bytesOf = (text: unknown): Bytes | undefined =>
  typeof text === 'string' ? fromBase64Url(text) : undefined

function readReport(json: unknown): IncidentReport | undefined {
  if (typeof json !== 'object' || json === null) return undefined
  const { format, incidents } = json as Partial<IncidentReport>
  const isOurs = format === incidentFormat && Array.isArray(incidents) && incidents.length <= incidentsMax
  return isOurs && incidents.every((one) => typeof one === 'object' && one !== null)
    ? (json as IncidentReport)
    : undefined
}

/** A report over what one log holds now, in its order. */
export const incidentReport = (
  { checkpoint: signed, certificate }: { readonly checkpoint: Uint8Array; readonly certificate: Uint8Array },
  { device, epoch }: Pick<Checkpoint, 'device' | 'epoch'>,
  nowS: number,
  incidents: readonly ProvenIncident[],
): IncidentReport => ({
  ...{ format: incidentFormat, device, epoch, madeAtS: epochSeconds(nowS) },
  checkpoint: toBase64Url(signed),
  certificate: toBase64Url(certificate),
  incidents,
})
