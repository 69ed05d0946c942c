/** A phone's evidence. Signed in itself, so that anybody may carry it. */

import { receiveReport } from '@/lib/cloud/ingest/commands'
import { handleJson } from '../../../handle'
import { answer } from '../../../respond'

export const POST = handleJson(async (cloud, body) => answer(await receiveReport(cloud, body)), 'evidence')
