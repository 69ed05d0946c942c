/** Takes the grain out of a picture and leaves its edges: the noise of a dark picture hides them from the decoder. */

import type { Picture } from './read-code'

/**
 * The picture in grey, softened `times` times by the binomial kernel 1‑2‑1 in both directions: each time adds half a
 * pixel's variance, so three times are a Gaussian of 1.2 pixels.
 */
export function softened({ data, width, height }: Picture, times: number): Picture {
  const grey = new Uint8ClampedArray(width * height)
  for (let at = 0; at < grey.length; at += 1) grey[at] = data[4 * at + 1] ?? 0
  for (let time = 0; time < times; time += 1) softenOnce(grey, width, height)
  const soft = new Uint8ClampedArray(new ArrayBuffer(data.length)).fill(255)
  for (let at = 0; at < grey.length; at += 1) {
    const level = grey[at] ?? 0
    soft[4 * at] = level
    soft[4 * at + 1] = level
    soft[4 * at + 2] = level
  }
  return { data: soft, width, height }
}

/** In place. Beyond an edge the picture goes on as it ends. */
function softenOnce(grey: Uint8ClampedArray, width: number, height: number): void {
  const across = new Uint16Array(grey.length)
  for (let y = 0; y < height; y += 1) {
    const row = y * width
    let before = grey[row] ?? 0
    let here = before
    for (let x = 0; x < width; x += 1) {
      const after = x + 1 < width ? (grey[row + x + 1] ?? 0) : here
      across[row + x] = before + 2 * here + after
      before = here
      here = after
    }
  }
  const lastRow = grey.length - width
  for (let at = 0; at < grey.length; at += 1) {
    const above = across[at < width ? at : at - width] ?? 0
    const below = across[at < lastRow ? at + width : at] ?? 0
    grey[at] = (above + 2 * (across[at] ?? 0) + below) >> 4
  }
}
