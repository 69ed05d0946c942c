/** Demo builds only: a camera that sees the frames which the demo page hands in. */

import { ok } from '@/lib/core/result'
import type { CameraSource } from './camera-source'
import type { EmbeddingPage } from './demo-messages'

const width = 1_280
const height = 720
/** Without a new frame for this long, nothing is held before the camera any more. */
const emptyAfterMs = 600
/** A canvas stream carries a frame only when something is drawn; a video without frames never starts. */
const redrawEveryMs = 200

export function demoCameraSource(page: EmbeddingPage): CameraSource {
  let stream: MediaStream | undefined
  let stop: (() => void) | undefined

  return {
    open() {
      if (stream !== undefined) return Promise.resolve(ok(stream))
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      const context = canvas.getContext('2d', { alpha: false })
      let lastFrameMs = -Infinity
      const drawEmpty = (): void => {
        if (performance.now() - lastFrameMs < emptyAfterMs || context === null) return
        drawBackground(context)
      }
      drawEmpty()
      const timer = setInterval(drawEmpty, redrawEveryMs)
      const unlisten = page.listen((message) => {
        if (message.type !== 'outpost-demo/frame' || context === null) return
        lastFrameMs = performance.now()
        drawFrame(context, message.bitmap)
        message.bitmap.close()
      })
      stream = canvas.captureStream(15)
      stop = () => {
        clearInterval(timer)
        unlisten()
      }
      page.post({ type: 'outpost-demo/camera', open: true })
      return Promise.resolve(ok(stream))
    },
    close() {
      if (stream === undefined) return
      stop?.()
      for (const track of stream.getTracks()) track.stop()
      stream = undefined
      page.post({ type: 'outpost-demo/camera', open: false })
    },
  }
}

function drawBackground(context: CanvasRenderingContext2D): void {
  context.fillStyle = '#2a332f'
  context.fillRect(0, 0, width, height)
}

function drawFrame(context: CanvasRenderingContext2D, bitmap: ImageBitmap): void {
  drawBackground(context)
  const scale = Math.min(width / bitmap.width, height / bitmap.height)
  const drawnWidth = bitmap.width * scale
  const drawnHeight = bitmap.height * scale
  context.drawImage(bitmap, (width - drawnWidth) / 2, (height - drawnHeight) / 2, drawnWidth, drawnHeight)
}
