/**
 * Holds one screen before the other's camera: takes pictures of what the page shows around its code and puts them
 * into the camera's file, until `until` comes true. No bytes pass between the two browsers but these pixels.
 */

import type { Locator, Page } from 'playwright'
import type { CameraFile } from './camera-file'

const betweenPicturesMs = 150

export interface HoldUp {
  readonly from: Page
  /** The code on the screen, which the person centres before the lens. */
  readonly code: Locator
  readonly before: CameraFile
  readonly until: Promise<unknown>
}

/** Returns the milliseconds from the first picture to success. Rejects with `until`, when that rejects. */
export async function holdUp({ from, code, before, until }: HoldUp): Promise<number> {
  const startedMs = performance.now()
  let over = false
  const outcome = until.finally(() => {
    over = true
  })
  const showing = (async () => {
    while (!over) {
      const picture = await pictureOf(from, code)
      if (picture !== undefined && !over) await before.show(picture)
      await new Promise((resolve) => setTimeout(resolve, betweenPicturesMs))
    }
  })()
  try {
    await outcome
    return performance.now() - startedMs
  } finally {
    await showing
    before.clear()
  }
}

/** The screen around the code, with a margin as a hand would leave; undefined while no code is shown. */
async function pictureOf(page: Page, code: Locator): Promise<Buffer | undefined> {
  try {
    const box = await code.first().boundingBox({ timeout: 300 })
    const viewport = page.viewportSize()
    if (box === null || viewport === null) return undefined
    const margin = box.width * 0.08
    const left = Math.max(0, box.x - margin)
    const top = Math.max(0, box.y - margin)
    return await page.screenshot({
      clip: {
        x: left,
        y: top,
        width: Math.min(viewport.width - left, box.width + 2 * margin),
        height: Math.min(viewport.height - top, box.height + 2 * margin),
      },
      timeout: 2_000,
    })
  } catch {
    return undefined
  }
}
