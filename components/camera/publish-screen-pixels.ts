/**
 * Demo builds only: shows the demo page the code that stands on this app's screen, as pixels, so that the other app's
 * camera can be pointed at it. The picture is drawn from the element that the person sees.
 */

import type { EmbeddingPage } from './demo-messages'

const publishEveryMs = 125
/** The picture that a camera would have of a screen held at reading distance. */
const width = 1_280
const height = 720
const codeSide = 660

/** Starts publishing; `findCode` gives the code element on screen, if any. Returns the way to stop. */
export function publishScreenPixels(page: EmbeddingPage, findCode: () => Element | undefined): () => void {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { alpha: false })
  let drawnKey: string | undefined
  let busy = false

  async function publish(): Promise<void> {
    const element = findCode()
    if (element === undefined || context === null) {
      if (drawnKey !== undefined) page.post({ type: 'outpost-demo/shown', bitmap: null })
      drawnKey = undefined
      return
    }
    const key = element instanceof HTMLCanvasElement ? element.toDataURL() : element.outerHTML
    if (key !== drawnKey) {
      await drawCode(context, element)
      drawnKey = key
    }
    const bitmap = await createImageBitmap(canvas)
    page.post({ type: 'outpost-demo/shown', bitmap }, [bitmap])
  }

  const timer = setInterval(() => {
    if (busy) return
    busy = true
    void publish()
      // A code that cannot be drawn in this tick is tried again in the next.
      .catch(() => undefined)
      .finally(() => {
        busy = false
      })
  }, publishEveryMs)
  return () => {
    clearInterval(timer)
    if (drawnKey !== undefined) page.post({ type: 'outpost-demo/shown', bitmap: null })
  }
}

/** The largest visible element that matches, which is the code that a person would hold up. */
export function largestVisible(selector: string, root: ParentNode = document): Element | undefined {
  let best: Element | undefined
  let bestArea = 0
  for (const element of root.querySelectorAll(selector)) {
    const box = element.getBoundingClientRect()
    const area = box.width * box.height
    if (area > bestArea) {
      best = element
      bestArea = area
    }
  }
  return best
}

async function drawCode(context: CanvasRenderingContext2D, element: Element): Promise<void> {
  const picture = element instanceof HTMLCanvasElement ? element : await rasterise(element)
  context.fillStyle = '#d9d6cd'
  context.fillRect(0, 0, width, height)
  const left = (width - codeSide) / 2
  const top = (height - codeSide) / 2
  context.fillStyle = '#ffffff'
  context.fillRect(left - 20, top - 20, codeSide + 40, codeSide + 40)
  context.imageSmoothingEnabled = false
  context.drawImage(picture, left, top, codeSide, codeSide)
}

/** An SVG element as an image; the address is a data URL, which the policy `img-src data:` permits. */
async function rasterise(element: Element): Promise<HTMLImageElement> {
  const copy = element.cloneNode(true) as Element
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(codeSide))
  copy.setAttribute('height', String(codeSide))
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(copy.outerHTML)}`
  await image.decode()
  return image
}
