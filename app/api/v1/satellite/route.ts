/**
 * A modem's message, posted by the satellite provider, which shows the password of `OUTPOST_SATELLITE_SECRET` as that of HTTP
 * basic authentication (`https://outpost:PASSWORD@charge.example.org/api/v1/satellite`) or as a bearer token. What can never
 * be used is answered with 200, too: the provider would bring it again for days.
 */

import { createHash, timingSafeEqual } from 'node:crypto'
import { readDelivery } from '@/lib/cloud/satellite/provider'
import { takeSatelliteMessage } from '@/lib/cloud/satellite/take-message'
import { refusal } from '@/lib/core/reason'
import { handle } from '../../handle'
import { readBytes } from '../../read-body'
import { refuse } from '../../respond'

export const dynamic = 'force-dynamic'

const bodyBytesMax = 16_384

export const POST = handle(async (cloud, request) => {
  const { satellite } = cloud.config
  if (satellite === undefined) return refuse(refusal('api.not-found'))
  if (!isSame(shownBy(request), satellite.secret)) return refuse(refusal('api.unauthenticated'))
  const body = await readBytes(request, bodyBytesMax)
  if (!body.ok) return refuse(body.error)
  const message = readDelivery(
    new TextDecoder().decode(body.value),
    request.headers.get('content-type') ?? '',
  )
  if (message === undefined) return refuse(refusal('api.malformed'))
  const taken = await takeSatelliteMessage(cloud, message)
  if (taken.ok) return Response.json({ taken: true })
  if (taken.error.code === 'satellite.terminal' || taken.error.code === 'satellite.message')
    return Response.json({ taken: false, code: taken.error.code })
  return refuse(taken.error)
}, 'evidence')

function shownBy(request: Request): string {
  const shown = (request.headers.get('authorization') ?? '').slice(0, 600)
  const [, scheme = '', value = ''] = /^(\w+) (.*)$/.exec(shown) ?? []
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return ''
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

/** In a time that tells nothing of where they differ. */
const isSame = (left: string, right: string): boolean => timingSafeEqual(digest(left), digest(right))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
