// The scripts, styles and fonts that a set of pages can ever ask for, parts that load later included.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

/** Turbopack names the chunks of an `import()` as plain texts in the chunk that asks for them. */
const namedAssets = /static\/(?:chunks|media)\/[\w~.!@-]+(?:\/[\w~.!@-]+)*\.(?:js|css|woff2|svg|wasm)/g
/** Style sheets name fonts relative to themselves. */
const styleUrls = /url\(\s*["']?([^"')]+)["']?\s*\)/g
const readable = /\.(?:js|css|html|rsc)$/

/**
 * @param {string} nextDirectory `.next` of a finished build
 * @param {readonly string[]} startFiles pages and payloads, relative to it
 * @returns {string[]} files relative to it, each of which exists, sorted; the start files are not among them
 */
export function pageAssets(nextDirectory, startFiles) {
  const found = new Set()
  const waiting = [...startFiles]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const asset of assetsNamedIn(nextDirectory, file)) {
      if (found.has(asset) || !existsSync(join(nextDirectory, asset))) continue
      found.add(asset)
      if (readable.test(asset)) waiting.push(asset)
    }
  }
  return [...found].sort()
}

function assetsNamedIn(nextDirectory, file) {
  const text = readFileSync(join(nextDirectory, file), 'utf8')
  const named = [...text.matchAll(namedAssets)].map(([asset]) => asset)
  if (!file.endsWith('.css')) return named
  const urls = [...text.matchAll(styleUrls)].map(([, url]) => url)
  return [
    ...named,
    ...urls.filter((url) => !/^(?:data:|https?:|\/)/.test(url)).map((url) => beside(file, url)),
  ]
}

const beside = (file, url) => posix.normalize(posix.join(dirname(file), url.split(/[?#]/)[0]))
