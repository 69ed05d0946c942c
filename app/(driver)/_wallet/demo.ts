/**
 * The demo page's hold on this app: its camera sees what the page hands in, the page gets the pixels of codes on this
 * screen, and a switch cuts the network. Only in demo builds, and only inside a page of this same origin.
 */

import type { CameraSource } from '@/components/camera/camera-source'
import { embeddingPage, type EmbeddingPage } from '@/components/camera/demo-messages'
import { deviceCameraSource } from '@/components/camera/device-camera-source'
import { cutNetwork } from './network'

const isDemoBuild = process.env.NEXT_PUBLIC_OUTPOST_DEMO === '1'

const demoPage = (): EmbeddingPage | undefined =>
  isDemoBuild ? embeddingPage([window.location.origin]) : undefined

/** Whether the demo page is around this app. Always false in the product's builds. */
export const isInDemo = (): boolean => demoPage() !== undefined

/** The element that components/ui/qr-code.tsx draws. */
const codeSelector = 'svg[data-qr-version]'

/** Returns at once where there is no demo page. Listens before anything else, so that no message is missed. */
export function joinDemo(): void {
  const page = demoPage()
  if (page === undefined) return
  page.listen((message) => {
    if (message.type === 'outpost-demo/network') cutNetwork(message.offline)
  })
  void import('@/components/camera/publish-screen-pixels').then(({ publishScreenPixels, largestVisible }) =>
    publishScreenPixels(page, () => largestVisible(codeSelector)),
  )
}

/** The camera that looks away from the driver. */
export async function openCameraSource(): Promise<CameraSource> {
  const page = demoPage()
  if (page === undefined) return deviceCameraSource('environment')
  const { demoCameraSource } = await import('@/components/camera/demo-camera-source')
  return demoCameraSource(page)
}
