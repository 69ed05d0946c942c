/** Begins a registration: what the browser's authenticator is asked. */

import { beginRegistration } from '@/lib/cloud/accounts/commands'
import { handle } from '../../../../handle'
import { json } from '../../../../respond'

export const POST = handle(async (cloud) => json(await beginRegistration(cloud)), 'account')
