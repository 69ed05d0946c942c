/**
 * What is said aloud about the screen of the moment: which words, and with which figures. Pure. The `key` changes when
 * there is something new to say, not with every figure that moves. The stop code is never spoken: others may listen.
 */

import type { Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import type { ScreenConnector, ScreenTariff } from '../screen-protocol'
import { connectorOf } from './screen-mind'
import type { ScreenModel } from './screen-model'

interface Common {
  readonly key: string
  readonly bayLabel: string
}

export type Prompt = Common &
  (
    | { readonly kind: 'on' | 'starting' | 'stopping' | 'stop-entry' | 'more-time' | 'card-waiting' }
    | { readonly kind: 'available'; readonly tariff: ScreenTariff | null }
    | {
        readonly kind: 'offering'
        readonly tariff: ScreenTariff
        readonly heldMinor: number
        readonly words: readonly [string, string]
      }
    | {
        readonly kind: 'charging'
        readonly currency: string
        readonly energyWh: number
        readonly costMinor: number
      }
    | {
        readonly kind: 'finished'
        readonly currency: string
        readonly energyWh: number
        readonly totalMinor: number
      }
    | { readonly kind: 'unavailable'; readonly reason: ReasonCode; readonly supportPhone: string }
    | { readonly kind: 'refused'; readonly refusal: Refusal }
  )

/** Undefined where nothing is to be said. */
export function promptOf(model: ScreenModel): Prompt | undefined {
  const connector = connectorOf(model)
  if (model.state === null || connector === null || model.link !== 'live') return undefined
  const { bayLabel } = connector
  if (model.idle.kind === 'ask') return { key: 'more-time', kind: 'more-time', bayLabel }
  switch (model.overlay.kind) {
    case 'ease':
      return { key: 'on', kind: 'on', bayLabel }
    case 'stop-entry': {
      const { refusal } = model.overlay
      if (refusal !== null) return { key: `stop ${refusal.code}`, kind: 'refused', refusal, bayLabel }
      return { key: 'stop-entry', kind: 'stop-entry', bayLabel }
    }
    case 'refused': {
      const { refusal } = model.overlay
      return { key: `refused ${refusal.code}`, kind: 'refused', refusal, bayLabel }
    }
    case 'none':
      return ofPhase(connector, model.state.supportPhone)
    default:
      return undefined
  }
}

function ofPhase({ connectorId, bayLabel, tariff, phase }: ScreenConnector, supportPhone: string): Prompt {
  const key = `${connectorId} ${phase.kind}`
  if (phase.kind === 'unavailable') {
    return {
      key: `${key} ${phase.reason}`,
      kind: 'unavailable',
      reason: phase.reason,
      supportPhone,
      bayLabel,
    }
  }
  if (phase.kind === 'available') {
    return phase.isCardWaiting === true
      ? { key: `${key} card`, kind: 'card-waiting', bayLabel }
      : { key, kind: 'available', tariff, bayLabel }
  }
  if (tariff === null) {
    return { key, kind: 'unavailable', reason: 'charger.unpaired', supportPhone, bayLabel }
  }
  const { currency } = tariff
  switch (phase.kind) {
    case 'offering': {
      const { refusal, words, maximumHoldMinor } = phase
      if (refusal !== null) {
        return { key: `${key} ${refusal.code} ${refusal.atS}`, kind: 'refused', refusal, bayLabel }
      }
      // The words are new with every offer, and the phone's must be compared with them.
      const spoken = `${key} ${words.join(' ')}`
      return { key: spoken, kind: 'offering', tariff, heldMinor: maximumHoldMinor, words, bayLabel }
    }
    case 'charging': {
      const { energyWh, costMinor } = phase
      return { key, kind: 'charging', currency, energyWh, costMinor, bayLabel }
    }
    case 'finished': {
      const { energyWh, totalMinor, sessionId } = phase
      return { key: `${key} ${sessionId}`, kind: 'finished', currency, energyWh, totalMinor, bayLabel }
    }
    case 'starting':
    case 'stopping':
      return { key, kind: phase.kind, bayLabel }
  }
}
