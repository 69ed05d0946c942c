/** A camera sees the same code many times a second; people mean it once. */

/** Reads of the same text within this time after the last one count as one. */
export const repeatAfterMs = 1_500

/** Texts remembered at once; more than ever stand before a camera. */
const rememberedMax = 8

/** Says whether a text is new. While it stays in view it stays known; it counts again once it was away. */
export function repeatedReadFilter(): (text: string, nowMs: number) => boolean {
  const lastSeenMs = new Map<string, number>()
  return (text, nowMs) => {
    const last = lastSeenMs.get(text)
    lastSeenMs.delete(text)
    lastSeenMs.set(text, nowMs)
    if (lastSeenMs.size > rememberedMax) {
      const oldest = lastSeenMs.keys().next()
      if (!oldest.done) lastSeenMs.delete(oldest.value)
    }
    return last === undefined || nowMs - last > repeatAfterMs
  }
}
