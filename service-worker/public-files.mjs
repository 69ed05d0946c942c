// Files of packages that the app gives out under an address of its own.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

/** The decoder of the camera's pictures, below `public/`: the app, the demo and the worker name it by this path. */
export const scannerFile = 'zxing/zxing_reader.wasm'

/**
 * The decoder is most of what a phone downloads. It is stored as it travels: a fifth smaller than the server's own
 * compression makes it; next.config.js says so beside it. Every browser that gives a page its camera reads Brotli.
 * @param {{ root: string }} options `root`: the project
 */
export async function copyPublicFiles({ root }) {
  const target = join(root, 'public', scannerFile)
  const decoder = readFileSync(join(root, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm'))
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: decoder.length,
  }
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, await promisify(brotliCompress)(decoder, { params }))
}
