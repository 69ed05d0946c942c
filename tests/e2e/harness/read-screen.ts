/** What a code on a screen says, read from its pixels by the app's own decoder. */

import sharp from 'sharp'
import type { Locator } from 'playwright'
import type { CodeReader } from '@/components/camera/read-code'
import { nodeCodeReader } from '@/tests/bench/scan-proof'

let reading: Promise<CodeReader> | undefined

/** The picture of the code, and its text. */
export async function readCode(code: Locator): Promise<{ readonly text: string; readonly picture: Buffer }> {
  await code.waitFor()
  const picture = await code.screenshot()
  reading ??= nodeCodeReader()
  const { data, info } = await sharp(picture)
    .extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#fff' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const pixels = new Uint8ClampedArray(new ArrayBuffer(data.length))
  pixels.set(data)
  const [text] = await (await reading)({ data: pixels, width: info.width, height: info.height })
  if (text === undefined) throw new Error('The code on the screen cannot be read')
  return { text, picture }
}
