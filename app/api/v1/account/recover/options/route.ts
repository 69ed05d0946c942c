/** A recovery code begins a new passkey. */

import { refusal } from '@/lib/core/reason'
import { beginRecovery } from '@/lib/cloud/accounts/recover'
import { handleJson } from '../../../../handle'
import { answer, refuse } from '../../../../respond'
import { readRecoveryCode } from '../../read-account'

export const POST = handleJson(async (cloud, body) => {
  const code = readRecoveryCode(body)
  return code === undefined ? refuse(refusal('api.malformed')) : answer(await beginRecovery(cloud, code))
}, 'recovery')
