/** Takes pictures from a playing video, as the plan of looks has it, and hands them to the reader. */

import { restAfterLook, viewFor } from './look-plan'
import type { CodeReader } from './read-code'
import { repeatedReadFilter } from './repeated-reads'
import { softened } from './soften'

/** Starts looking; returns the way to stop. `onText` gets each text once per showing. */
export function startScanLoop(
  video: HTMLVideoElement,
  read: CodeReader,
  onText: (text: string) => void,
): () => void {
  const isNew = repeatedReadFilter()
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })
  let stopped = false
  let look = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function lookOnce(): Promise<void> {
    if (context === null || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0)
      return
    const view = viewFor(look, video.videoWidth, video.videoHeight)
    look += 1
    canvas.width = view.toWidth
    canvas.height = view.toHeight
    context.drawImage(video, view.left, view.top, view.width, view.height, 0, 0, view.toWidth, view.toHeight)
    const picture = context.getImageData(0, 0, view.toWidth, view.toHeight)
    const texts = await read(view.softenTimes > 0 ? softened(picture, view.softenTimes) : picture)
    if (stopped) return
    for (const text of texts) if (isNew(text, performance.now())) onText(text)
  }

  async function next(): Promise<void> {
    const startedMs = performance.now()
    await lookOnce()
    if (stopped) return
    const tookMs = performance.now() - startedMs
    timer = setTimeout(() => void next(), restAfterLook(tookMs))
  }

  void next()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
