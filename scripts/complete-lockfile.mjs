// After `npm install`: puts the prebuilt packages of other platforms back into package-lock.json where npm left them out.
import { readFileSync, writeFileSync } from 'node:fs'
import { completeLock, missingPlatformPackages } from './lockfile/platform-packages.mjs'
import { inProject } from './setup/root.mjs'

const file = inProject('package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
const gaps = missingPlatformPackages(lock)
if (gaps.length > 0) writeFileSync(file, `${JSON.stringify(completeLock(lock), undefined, 2)}\n`)
console.log(
  gaps.length === 0 ? 'package-lock.json is complete.' : `Added ${gaps.length} packages of other platforms.`,
)
