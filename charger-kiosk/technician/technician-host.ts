/** Technician mode in front of the drivers' screens: its state beside theirs, its acts, and the code that opens it. */

import type { Clock } from '@/lib/core/clock'
import { refusal } from '@/lib/core/reason'
import { envelopeFromText } from '@/lib/protocol/envelope'
import type { FromScreen, ToScreen } from '../screen-protocol'
import type { ScreenHost } from '../server/screen-host'
import type { TechnicianDesk } from './desk'

export interface TechnicianHost extends ScreenHost {
  /** When the camera last read anything. */
  readonly lastScanS: () => number | undefined
}

export function technicianHost(
  inner: ScreenHost,
  desk: () => TechnicianDesk | undefined,
  clock: Pick<Clock, 'nowS'>,
): TechnicianHost {
  const listeners = new Set<(message: ToScreen) => void>()
  let scannedS: number | undefined
  const enter = async (
    at: TechnicianDesk,
    message: Extract<FromScreen, { type: 'scanned' }>,
  ): Promise<boolean> => {
    const envelope = envelopeFromText(message.text)
    if (!envelope.ok || envelope.value.kind !== 'technician-entry') return false
    const entered = await at.enter(envelope.value.parts)
    const told: ToScreen = entered.ok
      ? { type: 'feedback', outcome: 'accepted' }
      : { type: 'feedback', outcome: 'refused', refusal: refusal(entered.error) }
    for (const listener of listeners) listener(told)
    return true
  }
  return {
    lastScanS: () => scannedS,
    state: () => {
      const technician = desk()?.state('screen')
      return technician === undefined ? inner.state() : { ...inner.state(), technician }
    },
    onChange(listener) {
      const stops = [inner.onChange(listener), desk()?.onChange(listener)]
      return () => stops.forEach((stop) => stop?.())
    },
    onMessage(listener) {
      const stop = inner.onMessage(listener)
      listeners.add(listener)
      return () => {
        stop()
        listeners.delete(listener)
      }
    },
    async receive(message) {
      const at = desk()
      if (message.type === 'scanned') scannedS = clock.nowS()
      if (message.type === 'technician') {
        await at?.act(message.act, 'screen')
        return
      }
      if (message.type === 'scanned' && at !== undefined && (await enter(at, message))) return
      await inner.receive(message)
    },
  }
}
