/** The real camera, by getUserMedia. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { CameraSource } from './camera-source'

/** A phone looks away from its owner; a kiosk looks at the person in front of it. */
export type CameraFacing = 'environment' | 'user'

type MediaDevicesPort = Pick<MediaDevices, 'getUserMedia'>

/**
 * Asks for 1920×1080, because pixels per module decide whether a dense code can be read at all.
 * `devices` is undefined on pages without a secure context, which counts as a missing camera.
 */
export function deviceCameraSource(
  facing: CameraFacing,
  devices: MediaDevicesPort | undefined = globalThis.navigator?.mediaDevices,
): CameraSource {
  let opening: Promise<Result<MediaStream, ReasonCode>> | undefined
  let live: MediaStream | undefined
  /** Counts closings, so that an answer to a question of before is not taken for one of now. */
  let closings = 0

  async function ask(): Promise<Result<MediaStream, ReasonCode>> {
    if (devices === undefined) return err('phone.camera-missing')
    try {
      const stream = await devices.getUserMedia({
        audio: false,
        video: {
          facingMode: { ideal: facing },
          width: { ideal: 1920 },
          height: { ideal: 1080 },
          frameRate: { ideal: 30, max: 30 },
        },
      })
      await keepFocusing(stream)
      return ok(stream)
    } catch (error) {
      return err(reasonOf(error))
    }
  }

  return {
    async open() {
      if (live !== undefined && isLive(live)) return ok(live)
      const closingsBefore = closings
      opening ??= ask()
      const answer = await opening
      if (closings !== closingsBefore) {
        if (answer.ok) stop(answer.value)
        return err('phone.camera-missing')
      }
      opening = undefined
      if (answer.ok) live = answer.value
      return answer
    },
    close() {
      closings += 1
      opening = undefined
      if (live !== undefined) stop(live)
      live = undefined
    },
  }
}

/** Names by W3C Media Capture and Streams, getUserMedia. */
export function reasonOf(error: unknown): ReasonCode {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  return name === 'NotAllowedError' || name === 'SecurityError'
    ? 'phone.camera-denied'
    : 'phone.camera-missing'
}

/**
 * Some phones focus once and stay there. Light and zoom are left alone: a lamp only mirrors in the glass of a screen,
 * and an enlarged picture has no more pixels.
 */
async function keepFocusing(stream: MediaStream): Promise<void> {
  const [track] = stream.getVideoTracks()
  // Image Capture names it; TypeScript's list of constraints ends before.
  const can = (track?.getCapabilities?.() ?? {}) as { readonly focusMode?: readonly string[] }
  if (track === undefined || can.focusMode?.includes('continuous') !== true) return
  const wish = { advanced: [{ focusMode: 'continuous' } as MediaTrackConstraintSet] }
  await track.applyConstraints(wish).catch(() => undefined)
}

const isLive = (stream: MediaStream): boolean =>
  stream.getVideoTracks().some((track) => track.readyState === 'live')

const stop = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop()
}
