// Which pages work without a network: all of the driver app and /verify, found in what `next build` left behind.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where pages live whose users may have no signal. Consoles, demo and gallery are of no use without the server. */
const keptFolders = ['/(driver)/', '/verify/']

/**
 * @param {string} nextDirectory `.next` of a finished build
 * @returns {string[]} paths such as `/` and `/verify`, sorted
 */
export function keptRoutes(nextDirectory) {
  const routes = JSON.parse(readFileSync(join(nextDirectory, 'app-path-routes-manifest.json'), 'utf8'))
  const kept = Object.entries(routes)
    .filter(([page]) => page.endsWith('/page') && keptFolders.some((folder) => page.startsWith(folder)))
    .map(([, route]) => route)
    .sort()
  const missing = kept.filter((route) => !existsSync(join(nextDirectory, htmlFile(route))))
  if (missing.length > 0) {
    throw new Error(
      `${missing.join(', ')}: rendered on request, so not available offline. Take what varies from the query, in the browser.`,
    )
  }
  return kept
}

/** Name of a route's files below `server/app`: `/` is `index`. */
export const routeName = (route) => (route === '/' ? 'index' : route.slice(1))

/** Where `next build` put the page itself, below `.next`. */
export const htmlFile = (route) => `server/app/${routeName(route)}.html`
