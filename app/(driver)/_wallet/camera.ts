/** One camera for a visit: people are asked once, and it goes dark a moment after nobody looks through it any more. */

import type { CameraSource } from '@/components/camera/camera-source'
import { openCameraSource } from './demo'

/** Long enough to get from one look to the next without asking again. */
const keptMs = 60_000
const allowedKey = 'outpost.camera-allowed'

let source: Promise<CameraSource> | undefined
let closing: ReturnType<typeof setTimeout> | undefined

export function takeCamera(): Promise<CameraSource> {
  clearTimeout(closing)
  source ??= openCameraSource()
  return source
}

export function releaseCamera(): void {
  clearTimeout(closing)
  closing = setTimeout(() => {
    void source?.then((opened) => opened.close())
    source = undefined
  }, keptMs)
}

/** Whether the explanation before the browser's own question was read before. */
export function wasCameraAllowed(): boolean {
  try {
    return localStorage.getItem(allowedKey) !== null
  } catch {
    return false
  }
}

export function markCameraAllowed(): void {
  try {
    localStorage.setItem(allowedKey, '1')
  } catch {
    // Explained once more next time.
  }
}
