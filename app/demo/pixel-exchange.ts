/**
 * Holds the two screens to each other: takes the pixels that each embedded app shows and puts them before the other
 * app's camera, while somebody holds them there. The page reads nothing from them, unless it was told to tamper.
 */

import { isDemoMessage, type DemoMessage } from '@/components/camera/demo-messages'
import { tamperedPicture } from './code-tamper'

export interface ExchangeState {
  /** Which of the two shows a code now, and which one looks through its camera. */
  readonly phoneShows: boolean
  readonly kioskShows: boolean
  readonly phoneLooks: boolean
  readonly kioskLooks: boolean
}

export interface ExchangeOptions {
  readonly isHeld: () => boolean
  readonly tampers: () => boolean
  readonly onChange: (state: ExchangeState) => void
  readonly wasmUrl: string
}

interface Side {
  readonly frame: HTMLIFrameElement
  readonly origin: string
  shows: boolean
  looks: boolean
}

/** Starts listening; returns the way to stop. Frames of any other origin or window are ignored. */
export function startPixelExchange(
  phoneFrame: HTMLIFrameElement,
  kioskFrame: HTMLIFrameElement,
  options: ExchangeOptions,
): () => void {
  const phone = sideOf(phoneFrame)
  const kiosk = sideOf(kioskFrame)
  const tell = (): void =>
    options.onChange({
      phoneShows: phone.shows,
      kioskShows: kiosk.shows,
      phoneLooks: phone.looks,
      kioskLooks: kiosk.looks,
    })

  const receive = (event: MessageEvent): void => {
    const from = [phone, kiosk].find(
      (side) => event.source === side.frame.contentWindow && event.origin === side.origin,
    )
    if (from === undefined || !isDemoMessage(event.data)) return
    const message = event.data
    if (message.type === 'outpost-demo/camera') {
      from.looks = message.open
      tell()
    }
    if (message.type === 'outpost-demo/shown') {
      const shows = message.bitmap !== null
      if (from.shows !== shows) {
        from.shows = shows
        tell()
      }
      if (message.bitmap !== null) void pass(message.bitmap, from === phone ? kiosk : phone, options)
    }
  }
  window.addEventListener('message', receive)
  return () => window.removeEventListener('message', receive)
}

const sideOf = (frame: HTMLIFrameElement): Side => ({
  frame,
  origin: new URL(frame.src, window.location.href).origin,
  shows: false,
  looks: false,
})

async function pass(bitmap: ImageBitmap, to: Side, options: ExchangeOptions): Promise<void> {
  const target = to.frame.contentWindow
  if (!options.isHeld() || target === null) {
    bitmap.close()
    return
  }
  const picture = options.tampers() ? await tamperedPicture(bitmap, options.wasmUrl) : bitmap
  if (picture === undefined) return
  const message: DemoMessage = { type: 'outpost-demo/frame', bitmap: picture }
  target.postMessage(message, to.origin, [picture])
}
