/** Where moving pictures come from. A real camera, a demo page's picture of another screen, or a test. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import type { Result } from '@/lib/core/result'

/**
 * One source lives as long as the visit: `open` may be called again and gives the same stream while it is live, so
 * that people are asked for the camera once. Whoever made the source closes it when the camera is no longer needed.
 */
export interface CameraSource {
  /** Fails with `phone.camera-denied` or `phone.camera-missing`. */
  open(): Promise<Result<MediaStream, ReasonCode>>
  close(): void
}
