/** Serves the built touchscreen from its folder, and nothing outside of it. */

import { createReadStream, realpathSync, statSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/** The file behind a request path, or undefined for anything that is not a file within the folder. */
export function fileFor(folder: string, path: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    return undefined
  }
  if (decoded.includes('\0')) return undefined
  try {
    const root = realpathSync(folder)
    // Followed before it is judged: neither dots nor a link lead out.
    const file = realpathSync(join(root, normalize(decoded.endsWith('/') ? `${decoded}index.html` : decoded)))
    if (!file.startsWith(root + sep) || types[extname(file)] === undefined) return undefined
    return statSync(file).isFile() ? file : undefined
  } catch {
    return undefined
  }
}

export function serveFile(
  file: string,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  // Built files carry a hash in their name; the page itself must always be the newest.
  const isPage = extname(file) === '.html'
  response.writeHead(200, {
    ...headers,
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'cache-control': isPage ? 'no-cache' : 'public, max-age=31536000, immutable',
  })
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
}
