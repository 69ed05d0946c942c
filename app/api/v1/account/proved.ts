/** For acts that could take an account over or end it: somebody is signed in, and showed a passkey just now. */

import { refusal } from '@/lib/core/reason'
import { isProved } from '@/lib/cloud/accounts/sign-ins'
import type { Cloud } from '@/lib/cloud/context'
import { handleSignedInJson } from '../../handle'
import { refuse } from '../../respond'
import { tokenOf } from '../../sign-in-cookie'

export interface Proved {
  readonly accountId: string
  readonly token: string
}

export const handleProved = (work: (cloud: Cloud, proved: Proved, body: unknown) => Promise<Response>) =>
  handleSignedInJson(async (cloud, accountId, body, request) => {
    const token = tokenOf(cloud.config, request)
    if (token === undefined || !(await isProved(cloud, token))) return refuse(refusal('account.prove-again'))
    return work(cloud, { accountId, token }, body)
  }, 'account')
