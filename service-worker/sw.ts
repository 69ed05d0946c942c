/**
 * The service worker: keeps the driver app and `/verify` so that they open, reload and navigate with no network. One
 * version's pages, payloads and scripts are kept together and answered from the cache first, so that a server that was
 * updated meanwhile never mixes two versions, and never makes a soft navigation into a reload in the middle of a
 * ceremony. A newer worker waits until the page says that it may take over.
 */

import { clientsClaim } from 'workbox-core'
import {
  cleanupOutdatedCaches,
  matchPrecache,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching'
import { registerRoute } from 'workbox-routing'
import { payloadPath } from './payload-path'

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: PrecacheEntry[] }
/** Put in by the build, like the list above. */
declare const keptPages: readonly string[]

/** What the server says beside these payloads; the router takes a payload without them for one of another kind. */
const payloadHeaders = {
  'content-type': 'text/x-component',
  'x-nextjs-prerender': '1',
  'x-nextjs-stale-time': '300',
}
/** For a part of a page: the router then knows that it got the part alone. */
const partHeaders = { ...payloadHeaders, 'x-nextjs-postponed': '2' }

// Before the pages: a payload has the address of its page, and only this header tells them apart.
registerRoute(
  ({ request, sameOrigin }) => sameOrigin && request.headers.get('RSC') === '1',
  async ({ request, url }) => {
    const part = request.headers.get('Next-Router-Segment-Prefetch')
    const path = payloadPath(url.pathname, part)
    const kept = path === undefined ? undefined : await matchPrecache(path)
    if (kept === undefined) return fetch(request)
    return new Response(kept.body, { headers: part === null ? payloadHeaders : partHeaders })
  },
)

precacheAndRoute(self.__WB_MANIFEST, {
  // Pages read their query in the browser; every query is the same document.
  ignoreURLParametersMatching: [/.*/],
  cleanURLs: false,
})
cleanupOutdatedCaches()
// The first visit is kept too, without a reload.
clientsClaim()

self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type !== 'SKIP_WAITING') return
  event.waitUntil(takeOver(event.source))
})

/** Only while no other tab runs the version that would be swept away under it. */
async function takeOver(asking: ExtendableMessageEvent['source']): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const others = windows.filter(
    ({ id, url }) =>
      keptPages.includes(new URL(url).pathname) && !(asking instanceof Client && asking.id === id),
  )
  if (others.length === 0) await self.skipWaiting()
}
