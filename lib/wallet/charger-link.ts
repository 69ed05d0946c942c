/**
 * The port to a charger within reach that talks without cameras (Bluetooth). What passes are the same codes that a
 * camera would read, so that neither side trusts the link: each code is judged by its signatures (PROTOCOL.md, BLE).
 */

import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'

export interface ChargerLink {
  /** Hands over every code of the charger, whole and in order, the ones that came earlier too. One listener. */
  listen(take: (code: string) => void): void
  /** Resolves once the other side has the code, not once it has judged it. Refuses with `phone.link`. */
  send(code: string): Promise<Result<void, Refusal>>
  /** Resolves once: either side has left, or the radio lost the other. */
  readonly ended: Promise<void>
  close(): void
}
