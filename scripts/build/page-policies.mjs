// Writes `.next/page-policies.json` after `next build`: the content security policy of every page, by its path. Static
// pages have no nonce, so each names the hashes of its own inline scripts. `proxy.ts` sends what stands there.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contentPolicy, noncePlace } from './content-policy.mjs'
import { inlineScriptHashes, refusedInlineCode } from './inline-code.mjs'

/** Below `.next`. */
export const policiesFile = 'page-policies.json'

/** The demo page shows the kiosk's screen and talks to the switches of `npm start`, both on other ports. */
const demoPeers = ['http://localhost:*', 'http://127.0.0.1:*']

/**
 * @param {{ root: string, demo: boolean }} options
 * @returns {{ pages: Record<string, string>, others: string }} `others`: for pages that are drawn on request
 */
export function writePagePolicies({ root, demo }) {
  const pages = readStaticPages(join(root, '.next/server/app'))
  const refused = Object.entries(pages).flatMap(([path, html]) =>
    refusedInlineCode(html).map((code) => `${path}: ${code}`),
  )
  if (refused.length > 0) {
    throw new Error(`Styles and handlers inside a page would be ignored; use classes: ${refused.join(', ')}`)
  }
  const policies = policiesOf(pages, demo)
  writeFileSync(join(root, '.next', policiesFile), `${JSON.stringify(policies, undefined, 2)}\n`)
  return policies
}

/**
 * @param {Readonly<Record<string, string>>} pages path → HTML, the framework's `/_not-found` among them
 * @param {boolean} demo
 * @returns {{ pages: Record<string, string>, others: string }} as the file holds them
 */
export function policiesOf(pages, demo) {
  // The demo page shows the driver app in a frame.
  const framedBy = demo ? 'self' : 'none'
  // A page that is missing is answered with a static one, under whatever path was asked for; it holds the theme script
  // that every page has.
  const nonced = [`'nonce-${noncePlace}'`, ...inlineScriptHashes(pages['/_not-found'] ?? '')]
  const fixed = Object.entries(pages).map(([path, html]) => {
    const gallery = path === '/gallery' ? { frames: 'self', framedBy: 'self' } : { framedBy }
    return [path, contentPolicy({ scripts: inlineScriptHashes(html), ...gallery })]
  })
  const demoPage = demo
    ? [['/demo', contentPolicy({ scripts: nonced, peers: demoPeers, frames: 'self', framedBy })]]
    : []
  return {
    pages: Object.fromEntries([...fixed, ...demoPage]),
    others: contentPolicy({ scripts: nonced, framedBy }),
  }
}

/**
 * The framework's own page for when the server itself fails. It stands under any path, comes with styles inside, and is
 * read as well without them and without its script.
 */
const lastResort = '/_global-error'

/** Path → HTML of every page that was drawn at build time. */
function readStaticPages(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.html'))
  const pages = files.sort().map((file) => {
    const name = file.replaceAll('\\', '/').replace(/\.html$/, '')
    return [name === 'index' ? '/' : `/${name}`, readFileSync(join(folder, file), 'utf8')]
  })
  return Object.fromEntries(pages.filter(([path]) => path !== lastResort))
}
