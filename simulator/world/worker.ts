/** A process that lives through worlds in memory and prints one line of JSON for each. */

import { openMemoryCloud } from './memory-cloud'
import { liveThrough } from './live-through'

await liveThrough(openMemoryCloud, process.argv.slice(2))
