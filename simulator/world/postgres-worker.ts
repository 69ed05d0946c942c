/** The same as `worker.ts`, with each world's books in a PostgreSQL database of its own. */

import { liveThrough } from './live-through'
import { postgresClouds } from './postgres-cloud'

const url = process.env['OUTPOST_WORLD_DATABASE']
if (url === undefined) throw new Error('OUTPOST_WORLD_DATABASE names a migrated database')
await liveThrough(postgresClouds(url), process.argv.slice(2))
