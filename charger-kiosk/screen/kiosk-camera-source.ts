/** Which camera the kiosk looks through: its own, except inside the demo page of a demo build. */

import type { CameraSource } from '@/components/camera/camera-source'
import { deviceCameraSource } from '@/components/camera/device-camera-source'

/** `demoPageOrigins` is asked at the first opening, when the controller's first state has arrived. */
export function kioskCameraSource(demoPageOrigins: () => readonly string[]): CameraSource {
  if (!__OUTPOST_DEMO__) return deviceCameraSource('user')
  let choosing: Promise<CameraSource> | undefined
  const choose = async (): Promise<CameraSource> => {
    const { demoCamera } = await import('./demo-mode')
    return demoCamera(demoPageOrigins()) ?? deviceCameraSource('user')
  }
  return {
    open: async () => (await (choosing ??= choose())).open(),
    close: () => void choosing?.then((source) => source.close()),
  }
}
