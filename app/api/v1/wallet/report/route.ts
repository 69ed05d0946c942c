/** A phone's evidence. Signed in itself, so that anybody may carry it. */

import { answerReport } from '@/lib/cloud/device-replies'
import { handleJson } from '../../../handle'
import { answer } from '../../../respond'

export const POST = handleJson(async (cloud, body) => answer(await answerReport(cloud, body)), 'evidence')
