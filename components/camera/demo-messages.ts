/**
 * What an embedded app and the demo page say to each other by postMessage. Pixels only: nothing that is read from
 * them travels any other way.
 */

export type DemoMessage =
  /** App → page: the code that its screen shows now, or null when it shows none. The page hands it to the other app. */
  | { readonly type: 'outpost-demo/shown'; readonly bitmap: ImageBitmap | null }
  /** App → page: whether its camera is looking, so that the page can say when holding up the phone makes sense. */
  | { readonly type: 'outpost-demo/camera'; readonly open: boolean }
  /** Page → app: one frame for the app's camera. */
  | { readonly type: 'outpost-demo/frame'; readonly bitmap: ImageBitmap }

export function isDemoMessage(data: unknown): data is DemoMessage {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false
  return (
    data.type === 'outpost-demo/shown' ||
    data.type === 'outpost-demo/camera' ||
    data.type === 'outpost-demo/frame' ||
    data.type === 'outpost-demo/network'
  )
}

/** The page around an embedded app, once its origin is known to be an allowed one. */
export interface EmbeddingPage {
  readonly origin: string
  post(message: DemoMessage, transfer?: Transferable[]): void
  /** Calls back with messages that come from this page and origin alone; returns the way to stop. */
  listen(onMessage: (message: DemoMessage) => void): () => void
}

/** The embedding page, or undefined when this app stands alone or inside a page that is not in the list. */
export function embeddingPage(
  allowedOrigins: readonly string[],
  host: Window = window,
): EmbeddingPage | undefined {
  const parent = host.parent
  if (parent === host) return undefined
  const origin = parentOrigin(host)
  if (origin === undefined || !allowedOrigins.includes(origin)) return undefined
  return {
    origin,
    post: (message, transfer = []) => parent.postMessage(message, origin, transfer),
    listen(onMessage) {
      const receive = (event: MessageEvent): void => {
        if (event.origin !== origin || event.source !== parent || !isDemoMessage(event.data)) return
        onMessage(event.data)
      }
      host.addEventListener('message', receive)
      return () => host.removeEventListener('message', receive)
    },
  }
}

/** `ancestorOrigins` is exact; where it is missing (Firefox), the referrer of the frame names its page. */
function parentOrigin(host: Window): string | undefined {
  const ancestors = host.location.ancestorOrigins as DOMStringList | undefined
  const nearest = ancestors?.[0]
  if (nearest !== undefined) return nearest
  const referrer = host.document.referrer
  return referrer === '' ? undefined : new URL(referrer).origin
}
