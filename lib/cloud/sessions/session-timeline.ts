/** The session from the offer to the books, in the order in which it happened, by the clock of whoever did it. Pure. */

import type { MeterTrace } from './meter-trace'
import type { SessionCase, SessionTransfer } from './session-books'
import type { SessionParts } from './session-parts'

export interface Moment {
  readonly atS: number
  readonly what: string
  readonly by: 'phone' | 'charger' | 'operator'
}

export interface Told {
  readonly parts: SessionParts
  readonly meter: MeterTrace
  readonly reports: {
    readonly phone: { readonly atS: number | null }
    readonly charger: { readonly atS: number | null }
  }
  readonly transfers: readonly SessionTransfer[]
  readonly cases: readonly SessionCase[]
}

export function timelineOf({ parts, meter, reports, transfers, cases }: Told): readonly Moment[] {
  const { offer, consent, answer, receipted } = parts
  const started = meter.readings.find(({ what }) => what === 'started')
  const settled = transfers.find(({ kind }) => kind === 'settle' || kind === 'void')
  const moments: readonly (Moment | undefined)[] = [
    moment(offer?.timeS, 'offered', 'charger'),
    moment(consent?.timeS, consent?.by === 'charger' ? 'card-shown' : 'authorized', consent?.by ?? 'phone'),
    moment(answer?.timeS, answer?.verdict === 'accepted' ? 'accepted' : 'declined', 'charger'),
    moment(started?.atS, 'started', 'charger'),
    moment(endOf(receipted), 'ended', 'charger'),
    moment(reports.phone.atS ?? undefined, 'phone-told', 'phone'),
    moment(reports.charger.atS ?? undefined, 'charger-told', 'charger'),
    moment(settled?.atS, 'settled', 'operator'),
    ...cases.flatMap(({ openedAtS, steps }) => [
      moment(openedAtS, 'case-opened', 'operator'),
      moment(
        steps.find(({ step }) => step === 'uphold' || step === 'dismiss')?.atS,
        'case-decided',
        'operator',
      ),
    ]),
  ]
  return moments.filter((one) => one !== undefined).toSorted((left, right) => left.atS - right.atS)
}

const moment = (atS: number | undefined, what: string, by: Moment['by']): Moment | undefined =>
  atS === undefined ? undefined : { atS, what, by }

const endOf = (receipted: SessionParts['receipted']): number | undefined => {
  if (receipted === undefined) return undefined
  const { startS, chargingS, idleS } = receipted.receipt
  return startS + chargingS + idleS
}
