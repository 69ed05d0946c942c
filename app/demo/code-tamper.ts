/** Changes one byte of a code on its way from one screen to the other camera, as a forger or a bad print would. */

import { loadCodeReader } from '@/components/camera/read-code'
import { qrModules } from '@/components/ui/qr-modules'
import { decodeBase45, encodeBase45 } from '@/lib/protocol/base45'

const prefix = 'OP1:'
const scale = 8
const quietZone = 4

/** The same picture with one byte of its code changed, or undefined while no code of ours can be read in it. */
export async function tamperedPicture(
  bitmap: ImageBitmap,
  wasmUrl: string,
): Promise<ImageBitmap | undefined> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d')
  if (context === null) return undefined
  context.drawImage(bitmap, 0, 0)
  const read = await loadCodeReader({ url: wasmUrl })
  const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height)
  const texts = await read({ data: new Uint8ClampedArray(data), width, height })
  const text = texts.map(withOneByteChanged).find((changed) => changed !== undefined)
  return text === undefined ? undefined : drawCode(text)
}

/** A byte in the last third, where the signature or its attachment stands. */
export function withOneByteChanged(text: string): string | undefined {
  const bytes = text.startsWith(prefix) ? decodeBase45(text.slice(prefix.length)) : undefined
  if (bytes === undefined || bytes.length < 16) return undefined
  const index = Math.floor(bytes.length * 0.8)
  bytes[index] = (bytes[index] ?? 0) ^ 0x20
  return prefix + encodeBase45(bytes)
}

function drawCode(text: string): ImageBitmap | undefined {
  const modules = qrModules(text)
  if (modules === undefined) return undefined
  const side = (modules.size + 2 * quietZone) * scale
  const canvas = new OffscreenCanvas(side, side)
  const context = canvas.getContext('2d')
  if (context === null) return undefined
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, side, side)
  context.fillStyle = '#000000'
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.isDark(row, column)) {
        context.fillRect((column + quietZone) * scale, (row + quietZone) * scale, scale, scale)
      }
    }
  }
  return canvas.transferToImageBitmap()
}
