/** The operator gives a fleet a credit line, or changes it. What is drawn already stays; nothing more is drawn beyond it. */

import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import { transact } from '../database/connection'
import { writeOperatorAct } from '../operator/act-line'
import type { CreditBooks } from './books'
import { changeTerms, isFleet } from './credit-rows'

export const setCreditLine = (
  cloud: CreditBooks,
  order: { readonly fleetId: string; readonly limitMinor: number; readonly author: string },
): Promise<Result<{ readonly limitMinor: number }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { fleetId, limitMinor, author } = order
    if (!(await isFleet(cloud, tx, fleetId))) return err(refusal('api.not-found'))
    await changeTerms(cloud, tx, fleetId, { limit_minor: limitMinor })
    await writeOperatorAct(cloud, tx, { author, action: 'credit.line', subject: String(limitMinor), fleetId })
    return ok({ limitMinor })
  })
