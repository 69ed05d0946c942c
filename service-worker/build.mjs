// Builds the service worker after `next build`: what it keeps, and the worker itself.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { htmlFile, keptRoutes, routeName } from './kept-routes.mjs'
import { pageAssets } from './page-assets.mjs'
import { scannerFile } from './public-files.mjs'

/** What a phone downloads to work offline, compressed as it travels. People do this on mobile data. */
export const precacheBytesMax = 2_000_000

/** Payloads of soft navigations, under a folder that the server serves. */
const payloadFolder = 'static/offline'
/** From `public/`: the scanner's decoder, and what an installed app asks for when it opens. */
const keptPublicFiles = [scannerFile, 'manifest.webmanifest', 'icons/outpost.svg']

/**
 * Writes `.next/static/offline/` and `public/sw.js`. Wants `copyPublicFiles` and the pages' policies before it.
 * @param {{ root: string }} options `root`: the project, whose `.next` holds a finished build
 * @returns {Promise<{ routes: string[], files: number, bytes: number }>} what the worker keeps; bytes compressed
 */
export async function buildServiceWorker({ root }) {
  const nextDirectory = join(root, '.next')
  const routes = keptRoutes(nextDirectory)
  copyPayloads(nextDirectory, routes)
  const { entries, bytes } = await precacheList(root, nextDirectory, routes)
  if (bytes > precacheBytesMax) {
    throw new Error(`Offline use would download ${bytes} compressed bytes; ${precacheBytesMax} are allowed.`)
  }
  await bundleWorker(root, entries, routes)
  return { routes, files: entries.length, bytes }
}

function copyPayloads(nextDirectory, routes) {
  const target = join(nextDirectory, payloadFolder)
  rmSync(target, { recursive: true, force: true })
  for (const route of routes) {
    const name = routeName(route)
    for (const file of payloadFiles(nextDirectory, name)) {
      // Named as text, so that the server compresses it.
      const copy = join(target, `${file}.txt`)
      mkdirSync(dirname(copy), { recursive: true })
      copyFileSync(join(nextDirectory, 'server/app', file), copy)
    }
  }
}

/** The whole page's payload and those of its parts, below `server/app`. */
function payloadFiles(nextDirectory, name) {
  const parts = join(nextDirectory, 'server/app', `${name}.segments`)
  if (!existsSync(parts)) return [`${name}.rsc`]
  const files = readdirSync(parts, { recursive: true }).filter((file) => statSync(join(parts, file)).isFile())
  return [`${name}.rsc`, ...files.map((file) => `${name}.segments/${file}`)]
}

async function precacheList(root, nextDirectory, routes) {
  const { getManifest } = await import('workbox-build')
  const policies = readPolicies(nextDirectory)
  const pages = routes.map(htmlFile)
  const payloads = routes.map((route) => `${payloadFolder}/${routeName(route)}.rsc.txt`)
  const built = await getManifest({
    globDirectory: nextDirectory,
    globPatterns: [...pages, `${payloadFolder}/**`, ...pageAssets(nextDirectory, [...pages, ...payloads])],
    // Names with a hash of their content need no further mark of their version.
    dontCacheBustURLsMatching: /^static\/(?:chunks|media)\//,
    manifestTransforms: [
      (entries) => ({ manifest: entries.map((entry) => asServed(entry, policies)), warnings: [] }),
    ],
  })
  const published = await getManifest({
    globDirectory: join(root, 'public'),
    globPatterns: keptPublicFiles,
    modifyURLPrefix: { '': '/' },
  })
  const warnings = [...built.warnings, ...published.warnings]
  if (warnings.length > 0) throw new Error(warnings.join(' '))
  const entries = [...built.manifestEntries, ...published.manifestEntries]
  const bytes = entries.reduce((sum, { url }) => sum + travelSize(root, nextDirectory, url), 0)
  return { entries, bytes }
}

/** The server compresses everything that is kept but fonts and the decoder, which are compressed already. */
function travelSize(root, nextDirectory, url) {
  const page = url === '/' ? 'server/app/index.html' : `server/app${url}.html`
  const candidates = [
    join(nextDirectory, url.replace(/^\/_next\//, '')),
    join(nextDirectory, page),
    join(root, 'public', url),
  ]
  const file = candidates.find((path) => existsSync(path) && statSync(path).isFile())
  if (file === undefined) throw new Error(`Nothing is served at ${url}.`)
  return gzipSync(readFileSync(file)).length
}

/** From a file below `.next` to the address under which the server gives it out. */
function asServed(entry, policies) {
  const page = /^server\/app\/(.+)\.html$/.exec(entry.url)
  if (page === null) return { ...entry, url: `/_next/${entry.url}` }
  const url = page[1] === 'index' ? '/' : `/${page[1]}`
  // An answer is kept with its headers: a stricter policy must reach phones although the page itself is the same.
  const revision = createHash('sha256')
    .update(`${entry.revision} ${policies[url]}`)
    .digest('hex')
    .slice(0, 32)
  return { ...entry, url, revision }
}

/** Path → content security policy, as scripts/build/page-policies.mjs left it. */
const readPolicies = (nextDirectory) =>
  JSON.parse(readFileSync(join(nextDirectory, 'page-policies.json'), 'utf8')).pages

async function bundleWorker(root, entries, routes) {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: ['service-worker/sw.ts'],
    outfile: 'public/sw.js',
    tsconfig: 'service-worker/tsconfig.json',
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    define: {
      'self.__WB_MANIFEST': JSON.stringify(entries.map(({ url, revision }) => ({ url, revision }))),
      keptPages: JSON.stringify(routes),
      'process.env.NODE_ENV': '"production"',
    },
    logLevel: 'warning',
  })
}
