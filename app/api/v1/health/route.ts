/** Whether this server can do its work. */

import { health } from '@/lib/cloud/operator/queries'
import { handle } from '../../handle'
import { json } from '../../respond'

export const dynamic = 'force-dynamic'

export const GET = handle(async (cloud) => {
  const state = await health(cloud)
  return state.status === 'ok' ? json(state) : Response.json(state, { status: 503 })
}, 'open')
