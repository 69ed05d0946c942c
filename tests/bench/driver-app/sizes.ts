/** What a phone downloads, from a finished build: the first route's script, the scanner, and all that is kept. */

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rounded } from '../figures'

export interface Sizes {
  readonly firstLoadJsGzKb: number
  readonly scannerLazyGzKb: number
  readonly precacheMb: number
}

const gzipped = (file: string): number => gzipSync(readFileSync(file)).length

export function measureSizes(root: string): Sizes {
  return {
    firstLoadJsGzKb: rounded(firstLoadBytes(root) / 1_000, 1),
    scannerLazyGzKb: rounded(scannerBytes(root) / 1_000, 1),
    precacheMb: rounded(precacheBytes(root) / 1_000_000, 2),
  }
}

/** Every script that the first route names, those for browsers without modules excepted: no such browser runs it. */
function firstLoadBytes(root: string): number {
  const html = readFileSync(join(root, '.next/server/app/index.html'), 'utf8')
  const scripts = [...html.matchAll(/<script\b([^>]*)>/g)]
    .map(([, attributes = '']) => attributes)
    .filter((attributes) => !/\snomodule/i.test(attributes))
    .map((attributes) => /\ssrc="\/_next\/([^"]+)"/.exec(attributes)?.[1])
  const files = new Set(scripts.filter((file) => file !== undefined))
  return [...files].reduce((sum, file) => sum + gzipped(join(root, '.next', file)), 0)
}

/** The decoder as it is stored, which is how it travels, and the script around it. */
function scannerBytes(root: string): number {
  const chunks = join(root, '.next/static/chunks')
  const around = readdirSync(chunks)
    .filter(
      (file) =>
        file.endsWith('.js') && readFileSync(join(chunks, file), 'utf8').includes('zxing_reader.wasm'),
    )
    .filter((file) => /prepareZXingModule|fireImmediately/.test(readFileSync(join(chunks, file), 'utf8')))
  const decoder = readFileSync(join(root, 'public/zxing/zxing_reader.wasm')).length
  return around.reduce((sum, file) => sum + gzipped(join(chunks, file)), decoder)
}

/** The worker's own list. */
function precacheBytes(root: string): number {
  const worker = readFileSync(join(root, 'public/sw.js'), 'utf8')
  const urls = [...worker.matchAll(/"?url"?:"([^"]+)"/g)].map(([, url]) => url ?? '')
  if (urls.length === 0) throw new Error('The service worker lists nothing')
  return urls.reduce((sum, url) => sum + travelBytes(root, url), 0)
}

function travelBytes(root: string, url: string): number {
  const page = `.next/server/app${url === '/' ? '/index' : url}.html`
  const file = [url.replace(/^\/_next\//, '.next/'), page, `public${url}`]
    .map((path) => join(root, path))
    .find((path) => existsSync(path) && !path.endsWith('/'))
  if (file === undefined) throw new Error(`Nothing is served at ${url}`)
  return gzipped(file)
}
