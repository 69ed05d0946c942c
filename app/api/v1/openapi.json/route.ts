/** The document of the consoles' API. */

import { openApiDocument } from '@/lib/cloud/operations/openapi'
import { handle } from '../../handle'
import { json } from '../../respond'

export const GET = handle((cloud) => Promise.resolve(json(openApiDocument(cloud.config.origin))), 'open')
