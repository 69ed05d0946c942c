/** Demo builds only: the parts that stand in for light between two screens. */

import type { CameraSource } from '@/components/camera/camera-source'
import { demoCameraSource } from '@/components/camera/demo-camera-source'
import { embeddingPage } from '@/components/camera/demo-messages'
import { largestVisible, publishScreenPixels } from '@/components/camera/publish-screen-pixels'

/** A camera that sees what the demo page holds up, or undefined outside of such a page. */
export function demoCamera(pageOrigins: readonly string[]): CameraSource | undefined {
  const page = embeddingPage(pageOrigins)
  return page === undefined ? undefined : demoCameraSource(page)
}

/** Shows the demo page the code on the glass. */
export function publishToDemoPage(pageOrigins: readonly string[]): void {
  const page = embeddingPage(pageOrigins)
  if (page !== undefined) publishScreenPixels(page, () => largestVisible('svg[data-qr-version]'))
}
