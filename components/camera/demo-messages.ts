/**
 * What an embedded app and the demo page say to each other by postMessage. What a camera reads travels as pixels,
 * never any other way.
 */

export type DemoMessage =
  /** App → page: the code that its screen shows now, or null when it shows none. The page hands it to the other app. */
  | { readonly type: 'outpost-demo/shown'; readonly bitmap: ImageBitmap | null }
  /** App → page: whether its camera is looking, so that the page can say when holding up the phone makes sense. */
  | { readonly type: 'outpost-demo/camera'; readonly open: boolean }
  /** Page → app: one frame for the app's camera. */
  | { readonly type: 'outpost-demo/frame'; readonly bitmap: ImageBitmap }
  /** Page → phone: the driver app behaves as if it had no network, or has it again. */
  | { readonly type: 'outpost-demo/network'; readonly offline: boolean }

const types: readonly unknown[] = [
  'outpost-demo/shown',
  'outpost-demo/camera',
  'outpost-demo/frame',
  'outpost-demo/network',
] satisfies readonly DemoMessage['type'][]

export function isDemoMessage(data: unknown): data is DemoMessage {
  return typeof data === 'object' && data !== null && 'type' in data && types.includes(data.type)
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
