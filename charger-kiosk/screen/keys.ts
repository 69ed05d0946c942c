/** What a key of a keyboard or an outdoor keypad means beside moving between buttons, which the browser does. Pure. */

import { kioskStates } from '@/components/kiosk/kiosk-states'
import { connectorOf } from './screen-mind'
import type { ScreenEvent, ScreenModel } from './screen-model'

/** `key` as KeyboardEvent names it. Undefined where the key means nothing here. */
export function keyEvent(model: ScreenModel, key: string): ScreenEvent | undefined {
  const { overlay } = model
  if (key === 'Escape') return overlay.kind === 'none' ? undefined : { kind: 'close' }
  if (key === 'F1') return { kind: 'help' }
  if (key === 'F2') return { kind: 'ease' }
  // Its fields and keys take what is typed.
  if (overlay.kind === 'technician') return undefined
  if (overlay.kind === 'stop-entry') {
    if (key === 'Backspace') return { kind: 'erase' }
    return /^[0-9]$/.test(key) ? { kind: 'digit', digit: key } : undefined
  }
  // The first digit of a stop code opens the keypad for it.
  const phase = connectorOf(model)?.phase.kind
  const isStoppable = phase !== undefined && kioskStates[phase].stoppable && overlay.kind === 'none'
  return isStoppable && /^[0-9]$/.test(key) ? { kind: 'digit', digit: key } : undefined
}
