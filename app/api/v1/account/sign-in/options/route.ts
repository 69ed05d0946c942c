/** Begins a sign-in with any passkey that the browser has for us. */

import { beginSignIn } from '@/lib/cloud/accounts/commands'
import { handle } from '../../../../handle'
import { json } from '../../../../respond'

export const POST = handle(async (cloud) => json(await beginSignIn(cloud)), 'account')
