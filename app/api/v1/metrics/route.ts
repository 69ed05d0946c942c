/** Figures for Prometheus, for whoever shows the token of `OUTPOST_METRICS_TOKEN`; without one there is nothing here. */

import { createHash, timingSafeEqual } from 'node:crypto'
import { refusal } from '@/lib/core/reason'
import { metricsText } from '@/lib/cloud/operator/metrics'
import { handle } from '../../handle'
import { refuse } from '../../respond'

export const dynamic = 'force-dynamic'

export const GET = handle(async (cloud, request) => {
  const { metricsToken } = cloud.config
  if (metricsToken === undefined) return refuse(refusal('api.not-found'))
  const shown = /^Bearer (.{1,200})$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  if (!isSame(shown, metricsToken)) return refuse(refusal('api.unauthenticated'))
  return new Response(await metricsText(cloud), {
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  })
}, 'open')

/** In a time that tells nothing of where they differ. */
const isSame = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
