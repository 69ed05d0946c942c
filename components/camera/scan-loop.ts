/**
 * Takes pictures from a playing video and hands them to the reader. No single size serves all codes: a small picture
 * is quick and forgiving of blur, a full one has the pixels that a dense code needs. So three views take turns.
 */

import type { CodeReader } from './read-code'
import { repeatedReadFilter } from './repeated-reads'

/** About twelve looks a second feels immediate and leaves a cheap phone time for everything else. */
const lookEveryMs = 83
/** Reading never takes more than about two thirds of the thread. */
const restShare = 0.5

/** A part of the frame, and the size at which it is looked at. */
export interface View {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly toWidth: number
  readonly toHeight: number
}

/** The view for the n-th look at a frame of this size. */
export function viewFor(look: number, frameWidth: number, frameHeight: number): View {
  const turn = look % 3
  if (turn === 1) {
    const side = Math.min(frameWidth, frameHeight, 1_080)
    const left = Math.floor((frameWidth - side) / 2)
    const top = Math.floor((frameHeight - side) / 2)
    return { left, top, width: side, height: side, toWidth: side, toHeight: side }
  }
  const longest = turn === 0 ? 800 : 1_920
  const scale = Math.min(1, longest / Math.max(frameWidth, frameHeight))
  return {
    left: 0,
    top: 0,
    width: frameWidth,
    height: frameHeight,
    toWidth: Math.max(1, Math.round(frameWidth * scale)),
    toHeight: Math.max(1, Math.round(frameHeight * scale)),
  }
}

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
    const texts = await read(context.getImageData(0, 0, view.toWidth, view.toHeight))
    if (stopped) return
    for (const text of texts) if (isNew(text, performance.now())) onText(text)
  }

  async function next(): Promise<void> {
    const startedMs = performance.now()
    await lookOnce()
    if (stopped) return
    const tookMs = performance.now() - startedMs
    timer = setTimeout(() => void next(), Math.max(lookEveryMs - tookMs, tookMs * restShare))
  }

  void next()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
