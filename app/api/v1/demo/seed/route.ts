/** Fills the demonstration and gives an enrolment code for its charger. */

import { refusal } from '@/lib/core/reason'
import { seedDemo } from '@/lib/cloud/operator/seed-demo'
import { handle } from '../../../handle'
import { json, refuse } from '../../../respond'

export const POST = handle(
  async (cloud) => (cloud.config.isDemo ? json(await seedDemo(cloud)) : refuse(refusal('api.not-found'))),
  'codes',
)
