// Whether a module is the one that Node was started with.
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** @param {string} moduleUrl pass `import.meta.url` */
export const isMain = (moduleUrl) =>
  process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(moduleUrl)
