/** From the controller's state to what the views are given. Names only; no figure is changed. */

import type {
  ChargingView,
  ChromeView,
  EaseView,
  FinishedView,
  NewsView,
  OfferView,
  RefusedView,
  StartingView,
  StopEntryView,
  StoppingView,
} from '@/components/kiosk/kiosk-view'
import { kioskStates } from '@/components/kiosk/kiosk-states'
import type { Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { ConnectorPhase, NewsTold, ScreenConnector, ScreenState, ScreenTariff } from '../screen-protocol'

type Phase<Kind extends ConnectorPhase['kind']> = Extract<ConnectorPhase, { readonly kind: Kind }>

export const chromeView = (state: ScreenState, connector: ScreenConnector, ease: EaseView): ChromeView => ({
  siteLabel: state.siteLabel,
  bayLabel: connector.bayLabel,
  state: connector.phase.kind,
  uplink: state.uplink,
  nowS: state.nowS,
  tariff:
    connector.phase.kind === 'available' || connector.phase.kind === 'offering'
      ? null
      : priceAt(connector.tariff, state.nowS),
  canStop: kioskStates[connector.phase.kind].stoppable,
  bays: state.connectors.map((other) => ({
    connectorId: other.connectorId,
    bayLabel: other.bayLabel,
    state: other.phase.kind,
    selected: other.connectorId === connector.connectorId,
  })),
  ease,
})

const hasChanged = ({ change }: ScreenTariff, nowS: number): boolean =>
  change !== undefined && nowS >= change.atS

/** In the head stands what a kilowatt-hour costs now. */
function priceAt(tariff: ScreenTariff | null, nowS: number): ScreenTariff | null {
  if (tariff?.change === undefined || !hasChanged(tariff, nowS)) return tariff
  const { energyPerKwh, timePerMinute, idlePerMinute } = tariff.change
  return { ...tariff, energyPerKwh, timePerMinute, idlePerMinute }
}

export const offerView = (
  phase: Phase<'offering'>,
  tariff: ScreenTariff,
  supportPhone: string,
  cameraProblem: ReasonCode | null,
  parts: OfferView['parts'],
): OfferView => ({
  offerCode: phase.offerCode,
  words: phase.words,
  maximumHoldMinor: phase.maximumHoldMinor,
  tariff,
  cameraProblem,
  parts,
  supportPhone,
})

export const refusedView = (phase: Phase<'offering'>): RefusedView | null =>
  phase.refusal === null ? null : { refusal: phase.refusal, answerCode: phase.refusal.answerCode }

export const startingView = (phase: Phase<'starting'>, { currency }: ScreenTariff): StartingView => ({
  currency,
  heldMinor: phase.heldMinor,
  stopCode: phase.stopCode,
  answerCode: phase.answerCode,
})

export const chargingView = (phase: Phase<'charging'>, tariff: ScreenTariff, nowS: number): ChargingView => ({
  currency: tariff.currency,
  tariff,
  hasPriceChanged: hasChanged(tariff, nowS),
  heldMinor: phase.heldMinor,
  costMinor: phase.costMinor,
  energyWh: phase.energyWh,
  powerW: phase.powerW,
  elapsedS: phase.elapsedS,
  stopCode: phase.stopCode,
  answerCode: phase.answerCode,
  statusCode: phase.statusCode,
  isByCard: phase.isByCard === true,
})

/** The tries are told by the session, or before it runs by the last refusal. */
export function stopEntryView(
  typed: { readonly digits: string; readonly refusal: Refusal | null },
  phase: ConnectorPhase,
): StopEntryView {
  const told = typed.refusal?.facts?.['left']
  const fromRefusal = typeof told === 'number' ? told : null
  return {
    digits: typed.digits,
    refusal: typed.refusal,
    triesLeft: phase.kind === 'charging' ? phase.stopTriesLeft : fromRefusal,
  }
}

export const stoppingView = (phase: Phase<'stopping'>, { currency }: ScreenTariff): StoppingView => ({
  currency,
  costMinor: phase.costMinor,
  energyWh: phase.energyWh,
})

export const finishedView = (phase: Phase<'finished'>, tariff: ScreenTariff): FinishedView => ({
  currency: tariff.currency,
  receiptCode: phase.receiptCode,
  heldMinor: phase.heldMinor,
  totalMinor: phase.totalMinor,
  releasedMinor: phase.releasedMinor,
  taxMinor: phase.taxMinor,
  taxBasisPoints: tariff.taxBasisPoints,
  energyWh: phase.energyWh,
  energyMinor: phase.lines.energyMinor,
  timeMinor: phase.lines.timeMinor,
  sessionMinor: phase.lines.sessionMinor,
  idleMinor: phase.lines.idleMinor,
  startS: phase.startS,
  durationS: phase.durationS,
  priceChange: phase.hasPriceChanged ? { tariff } : null,
  stopReason: phase.stopReason,
})

/** One line a kind, in the order in which they came. */
export function newsView(pieces: readonly NewsTold[]): NewsView {
  const has = (outcome: NewsTold['outcome']): boolean => pieces.some((piece) => piece.outcome === outcome)
  const lines = pieces
    .filter(({ outcome }) => outcome === 'new')
    .map(({ kind }) => (kind === 'revocation-delta' ? 'revocations' : kind))
  return { news: [...new Set(lines)], hasGap: has('gap'), hasRefused: has('refused') }
}
