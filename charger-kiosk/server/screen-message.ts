/** What a screen sent, parsed strictly: anything else is dropped, because a screen that talks nonsense is not ours. */

import { limits } from '@/lib/core/limits'
import type { FromScreen } from '../screen-protocol'
import { readAct } from '../technician/read-act'

export function parseFromScreen(data: string): FromScreen | undefined {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { type, connectorId, text, stopCode, act } = value as Readonly<Record<string, unknown>>
  if (type === 'technician') {
    const asked = readAct(act)
    return asked === undefined ? undefined : { type, act: asked }
  }
  if (
    typeof connectorId !== 'number' ||
    !Number.isInteger(connectorId) ||
    connectorId < 0 ||
    connectorId > 255
  ) {
    return undefined
  }
  switch (type) {
    case 'scanned':
      return typeof text === 'string' && text.length <= limits.scannedTextCharsMax
        ? { type, connectorId, text }
        : undefined
    case 'stop':
      return typeof stopCode === 'string' && /^\d{6}$/.test(stopCode)
        ? { type, connectorId, stopCode }
        : undefined
    case 'dismiss':
      return { type, connectorId }
    default:
      return undefined
  }
}
