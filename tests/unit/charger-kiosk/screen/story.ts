/** States of one charger for the tests of its screen. */

import type {
  ConnectorPhase,
  ScreenConnector,
  ScreenState,
  ScreenTariff,
} from '@/charger-kiosk/screen-protocol'
import { emptyScreen, type ScreenEvent, type ScreenModel } from '@/charger-kiosk/screen/screen-model'
import { step } from '@/charger-kiosk/screen/screen-mind'
import type { ScreenEffect } from '@/charger-kiosk/screen/screen-model'

export const tariff: ScreenTariff = {
  currency: 'EUR',
  exponent: 2,
  energyPerKwh: 4_900,
  timePerMinute: 0,
  perSession: 0,
  idlePerMinute: 0,
  idleGraceMinutes: 0,
  taxBasisPoints: 1_900,
}

const sessionId = 'ab'.repeat(16)

export const phases = {
  available: { kind: 'available' },
  offering: {
    kind: 'offering',
    offerCode: 'OP1:OFFER',
    words: ['falcon', 'river'],
    expiresAtS: 100,
    maximumHoldMinor: 4_000,
    refusal: null,
  },
  refused: {
    kind: 'offering',
    offerCode: 'OP1:OFFER',
    words: ['falcon', 'river'],
    expiresAtS: 100,
    maximumHoldMinor: 4_000,
    refusal: { code: 'wallet.cap', answerCode: 'OP1:DECLINE', atS: 50 },
  },
  starting: { kind: 'starting', sessionId, heldMinor: 4_000, stopCode: '482913', answerCode: 'OP1:ANSWER' },
  charging: {
    kind: 'charging',
    sessionId,
    heldMinor: 4_000,
    energyWh: 18_420,
    powerW: 11_000,
    costMinor: 903,
    elapsedS: 7_000,
    stopCode: null,
    answerCode: null,
    statusCode: 'OP1:STATUS',
    stopTriesLeft: 5,
  },
  stopping: { kind: 'stopping', sessionId, heldMinor: 4_000, energyWh: 18_420, costMinor: 903 },
  finished: {
    kind: 'finished',
    sessionId,
    receiptCode: 'OP1:RECEIPT',
    heldMinor: 4_000,
    totalMinor: 903,
    releasedMinor: 3_097,
    taxMinor: 144,
    energyWh: 18_420,
    lines: { energyMinor: 903, timeMinor: 0, sessionMinor: 0, idleMinor: 0 },
    startS: 10,
    durationS: 7_000,
    hasPriceChanged: false,
    stopReason: 'stop-code',
  },
} as const satisfies Record<string, ConnectorPhase>

export const connector = (connectorId: number, phase: ConnectorPhase): ScreenConnector => ({
  connectorId,
  bayLabel: `A${connectorId}`,
  tariff,
  phase,
})

export const state = (...connectorPhases: readonly ConnectorPhase[]): ScreenState => ({
  chargerId: 'KIN-01',
  siteLabel: 'Kinross Services',
  supportPhone: '+44 1577 000000',
  uplink: 'offline',
  nowS: 1_786_450_200,
  demoPageOrigins: [],
  connectors: connectorPhases.map((phase, index) => connector(index + 1, phase)),
})

export const says = (...connectorPhases: readonly ConnectorPhase[]): ScreenEvent => ({
  kind: 'said',
  message: { type: 'state', state: state(...connectorPhases) },
})

export const fresh = (): ScreenModel => emptyScreen({ locale: 'en', light: null }, 0)

/** Runs events at given milliseconds; gives the last model and everything that was to be done on the way. */
export function run(
  model: ScreenModel,
  ...events: readonly (readonly [number, ScreenEvent])[]
): { readonly model: ScreenModel; readonly effects: readonly ScreenEffect[] } {
  const effects: ScreenEffect[] = []
  let current = model
  for (const [nowMs, event] of events) {
    const next = step(current, event, nowMs)
    current = next.model
    effects.push(...next.effects)
  }
  return { model: current, effects }
}
