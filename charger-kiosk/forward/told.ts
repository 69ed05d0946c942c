/**
 * Which of a charger's messages a site CSMS is told, which of them are kept until it has them, and in what words: the
 * charger's own, but for who paid. Only transactions of ours show their tag; a card that was held to the charger is
 * nobody's business here, so a fixed text stands in its place.
 */

import { createHash } from 'node:crypto'
import type { TransactionId } from '../ocpp/ids'
import { asPayload, field, integerField, textField } from '../ocpp/payload'
import type { RawPayload } from '../ocpp/port'
import { withMember, withoutMember } from '../ocpp/json-text'
import type { Importance } from './outbox'
import type { ForwardVersion } from './settings'

export type Road =
  /** Kept on disk until the site CSMS has it. */
  | { readonly kind: 'kept'; readonly importance: Importance }
  /** How things stand, now: told while the site CSMS listens, and the last one of a key when it is back. */
  | { readonly kind: 'state'; readonly key: string }
  /** News of the moment, worth nothing later. */
  | { readonly kind: 'passing' }
  | { readonly kind: 'boot' }

const passing: Road = { kind: 'passing' }

/** Undefined for what stays here: persons (Authorize), agreements of the charger with us, and other people's extensions. */
export function roadOf(action: string, payload: RawPayload): Road | undefined {
  switch (action) {
    case 'StartTransaction':
    case 'StopTransaction':
      return { kind: 'kept', importance: 0 }
    case 'TransactionEvent':
      return { kind: 'kept', importance: importanceOf(payload) }
    case 'MeterValues':
      return { kind: 'kept', importance: 2 }
    case 'SecurityEventNotification':
      return { kind: 'kept', importance: 1 }
    case 'StatusNotification':
      return { kind: 'state', key: placeOf(payload) }
    case 'BootNotification':
      return { kind: 'boot' }
    case 'ClearedChargingLimit':
    case 'DiagnosticsStatusNotification':
    case 'FirmwareStatusNotification':
    case 'LogStatusNotification':
    case 'NotifyChargingLimit':
    case 'NotifyEvent':
    case 'NotifyMonitoringReport':
    case 'NotifyReport':
    case 'PublishFirmwareStatusNotification':
    case 'ReportChargingProfiles':
      return passing
    default:
      return undefined
  }
}

function importanceOf(payload: RawPayload): Importance {
  if (field(payload, 'eventType') !== 'Updated') return 0
  const trigger = field(payload, 'triggerReason')
  return trigger === 'MeterValuePeriodic' || trigger === 'MeterValueClock' ? 2 : 1
}

const placeOf = (payload: RawPayload): string =>
  [field(payload, 'connectorId'), field(payload, 'evseId')].map((part) => String(part).slice(0, 8)).join(' ')

/** What is shown of whoever did not start by a session of ours. */
const anybody = 'OUTPOST'

/** The tag of a start or stop, as the charger wrote it. */
export function tagOfMessage(payload: RawPayload): string | undefined {
  return textField(payload, 'idTag', 36) ?? textField(asPayload(field(payload, 'idToken')), 'idToken', 36)
}

/** What is kept of a tag, which may be somebody's card. */
export const tagDigest = (tag: string): string =>
  createHash('sha256').update(`forwarded tag\n${tag}`).digest('hex').slice(0, 32)

/** The text without persons. @param isOwn whether a tag is one of our transactions' */
export function withoutPersons(text: string, payload: RawPayload, isOwn: (tag: string) => boolean): string {
  const tag = tagOfMessage(payload)
  if (tag === undefined || isOwn(tag)) return text
  return Object.hasOwn(payload, 'idTag')
    ? withMember(text, 'idTag', JSON.stringify(anybody))
    : withMember(text, 'idToken', JSON.stringify({ idToken: anybody, type: 'Central' }))
}

/** Our number of the transaction that a 1.6 message is about; undefined where it names none (−1, 0). */
export function ownIdIn(payload: RawPayload): number | undefined {
  const id = integerField(payload, 'transactionId')
  return id !== undefined && id >= 1 ? id : undefined
}

/** Our number of a transaction that begins stands in our answer. */
export function ownIdOfAnswer(answer: RawPayload): TransactionId | undefined {
  const id = field(answer, 'transactionId')
  return typeof id === 'number' ? (id as TransactionId) : undefined
}

/** A repeat says the same, but for whether the charger was cut off when it said it (2.0.1 E04). */
export function digestOf(action: string, text: string): string {
  const told = action === 'TransactionEvent' ? withoutMember(text, 'offline') : text
  return createHash('sha256').update(`${action}\n${told}`).digest('hex')
}

/**
 * A kept message as it goes out. 1.6: with the site's number of the transaction; a reading whose start the site CSMS never
 * took belongs to none, and a stop says −1 as chargers do that never heard their number. 2.0.1: `offline` where the site
 * CSMS could not be told when it happened; for it this charger was offline.
 */
export function outgoingText(
  message: { readonly action: string; readonly payload: string; readonly wasCutOff: boolean },
  site: { readonly namesTransaction: boolean; readonly id: number | undefined },
): string {
  const { action, payload, wasCutOff } = message
  if (action === 'TransactionEvent') return wasCutOff ? withMember(payload, 'offline', 'true') : payload
  if (!site.namesTransaction) return payload
  if (site.id !== undefined) return withMember(payload, 'transactionId', String(site.id))
  return action === 'StopTransaction'
    ? withMember(payload, 'transactionId', '-1')
    : withoutMember(payload, 'transactionId')
}

/** Asked for by the site CSMS. */
export const triggeredBootText = (text: string, version: ForwardVersion): string =>
  version === '2.0.1' ? withMember(text, 'reason', '"Triggered"') : text

/** After a break of the link nothing was switched on; a site CSMS may end what it thinks runs when it hears "PowerUp". */
export const bootAgainText = (text: string, version: ForwardVersion): string =>
  version === '2.0.1' ? withMember(text, 'reason', '"Unknown"') : text
