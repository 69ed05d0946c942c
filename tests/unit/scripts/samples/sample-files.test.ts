import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { toBytes } from '@/lib/core/bytes'
import { sampleFiles } from '@/scripts/samples/sample-files'
import { inProject } from '@/scripts/setup/root.mjs'

/** Formatting of JSON is the formatter's business; everything else is compared byte for byte. */
const content = (path: string, bytes: Uint8Array): unknown =>
  path.endsWith('.json') ? JSON.parse(new TextDecoder().decode(bytes)) : toBytes(bytes)

test('the samples in the repository are what the script makes', async () => {
  for (const { path, bytes } of await sampleFiles()) {
    expect({ path, content: content(path, readFileSync(inProject(path))) }).toEqual({
      path,
      content: content(path, bytes),
    })
  }
})
