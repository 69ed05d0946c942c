/**
 * Pages stand there before their scripts are awake, and somebody may be quick. What theme-script.ts heard until then
 * is done once the button can do it; of several taps the last one, as they would have meant it.
 */

declare global {
  interface Window {
    /** Buttons tapped so far; undefined once the page is awake and hears for itself. */
    outpostEarlyTaps?: HTMLButtonElement[] | undefined
  }
}

export function repeatEarlyTap(): void {
  const tapped = window.outpostEarlyTaps?.at(-1)
  window.outpostEarlyTaps = undefined
  // A page in another language was out of sight until now, and is drawn anew.
  if (tapped?.isConnected === true) tapped.click()
}
