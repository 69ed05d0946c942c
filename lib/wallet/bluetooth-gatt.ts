/**
 * The port to a charger's Bluetooth service as a phone's browser sees it. `bluetooth-web.ts` is the browser's; tests
 * bring one that leads to a charger's desk in memory.
 */

import type { Bytes } from '@/lib/core/bytes'

export interface ChargerGatt {
  /** Each of these rejects once the connection is gone, or when the charger refuses the write. */
  writeState(value: Bytes): Promise<void>
  readState(): Promise<Bytes>
  write(value: Bytes): Promise<void>
  read(): Promise<Bytes>
  /** Subscribed before the phone starts, so that nothing waits unheard. One listener. */
  onNotified(listener: (value: Bytes) => void): Promise<void>
  /** Resolves once the connection is gone, whoever ended it. */
  readonly ended: Promise<void>
  disconnect(): void
}
