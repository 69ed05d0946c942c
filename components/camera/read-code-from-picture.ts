/** Reads a code from a photograph or a screenshot: the way out when the camera is denied. */

import type { ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import { loadCodeReader } from './read-code'
import { softened } from './soften'

/** Phone photographs have 12 million pixels and more; a code needs far fewer, and the memory is finite. */
const longestSideMax = 2_560

/** The text of the first code in the picture, `code.unreadable`, or `phone.scanner` when the decoder cannot load. */
export async function readCodeFromPicture(file: Blob, wasmUrl: string): Promise<Result<string, ReasonCode>> {
  const read = await loadCodeReader({ url: wasmUrl }).catch(() => undefined)
  if (read === undefined) return err('phone.scanner')
  try {
    const bitmap = await createImageBitmap(file)
    for (const longest of [longestSideMax, 1_000]) {
      const picture = draw(bitmap, longest)
      const text = (await read(picture))[0] ?? (await read(softened(picture, 2)))[0]
      if (text !== undefined) {
        bitmap.close()
        return ok(text)
      }
    }
    bitmap.close()
    return err('code.unreadable')
  } catch {
    // Not a picture.
    return err('code.unreadable')
  }
}

function draw(bitmap: ImageBitmap, longestSide: number): ImageData {
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })
  if (context === null) throw new Error('No canvas to draw the picture on')
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}
