/** Writes docs/samples again: `npx tsx scripts/make-samples.ts`. A test says when it is due. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { sampleFiles } from './samples/sample-files'
import { inProject } from './setup/root.mjs'

for (const { path, bytes } of await sampleFiles()) {
  mkdirSync(dirname(inProject(path)), { recursive: true })
  writeFileSync(inProject(path), bytes)
  console.log(`${path}: ${bytes.length} bytes`)
}
