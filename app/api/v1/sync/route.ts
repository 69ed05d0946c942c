/** A charger's bundle in, acknowledgement and news out. */

import { limits } from '@/lib/core/limits'
import { answerBundle } from '@/lib/cloud/device-replies'
import { handle } from '../../handle'
import { readBytes } from '../../read-body'
import { answer, refuse } from '../../respond'

export const POST = handle(async (cloud, request) => {
  const bundle = await readBytes(request, limits.bundleBytesMax)
  return bundle.ok ? answer(await answerBundle(cloud, bundle.value)) : refuse(bundle.error)
}, 'evidence')
