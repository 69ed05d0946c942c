/** The body of an answer, read no further than a cap: whoever answers may be a stranger’s portal. */

import { concat, type Bytes } from '@/lib/core/bytes'

/** Undefined once it passes the cap; the rest is not read. */
export async function readCapped(response: Response, bytesMax: number): Promise<Bytes | undefined> {
  if (response.body === null) return new Uint8Array(0)
  const reader = response.body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return concat(...chunks)
    length += value.length
    if (length > bytesMax) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
}
