// Files of packages that the app gives out under an address of its own.
import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The decoder of the camera's pictures, below `public/`: the app, the demo and the worker name it by this path. */
export const scannerFile = 'zxing/zxing_reader.wasm'

/** @param {{ root: string }} options `root`: the project */
export async function copyPublicFiles({ root }) {
  const target = join(root, 'public', scannerFile)
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(join(root, 'node_modules/zxing-wasm/dist/reader/zxing_reader.wasm'), target)
}
