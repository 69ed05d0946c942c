/** A new set of recovery codes, shown this once; an earlier set ends. */

import type { RecoveryCodesResponse } from '@/lib/cloud/api-types/account-devices'
import { makeRecoveryCodes } from '@/lib/cloud/accounts/recovery-codes'
import { json, refuse } from '../../../respond'
import { handleProved } from '../proved'

export const POST = handleProved(async (cloud, { accountId }) => {
  const made = await makeRecoveryCodes(cloud, accountId)
  if (!made.ok) return refuse(made.error)
  const response: RecoveryCodesResponse = { codes: made.value }
  return json(response)
})
