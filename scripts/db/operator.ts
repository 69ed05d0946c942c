/** `npm run db -- operator`: opens the operator's own organisation and invites its first owner. */

import { inviteOperatorOwner } from '@/lib/cloud/organisations/operator-owner'
import { formatTimestamp } from '@/lib/format/time'
import { withCloud, type Environment } from '../issue/operator-cloud'
import { terminal, type Terminal } from '../setup/terminal'

export interface OperatorOptions {
  readonly url?: string | undefined
  readonly owner?: string | undefined
  readonly name?: string | undefined
}

/** Of a mail address: something, an at sign, something. The link decides who joins, not the address. */
const mailPattern = /^[^\s@]{1,190}@[^\s@]{1,60}$/

/** Gives the exit code: 0 done, 1 not understood, 2 refused. */
export async function openOperatorOrganisation(
  { url, owner, name }: OperatorOptions,
  env: Environment,
  out: Terminal = terminal,
): Promise<number> {
  if (owner === undefined || !mailPattern.test(owner)) {
    out.complain('Say who is invited as its owner: npm run db -- operator --owner MAIL')
    return 1
  }
  if (name !== undefined && (name.trim() === '' || name.length > 120)) {
    out.complain('A name has one to 120 letters.')
    return 1
  }
  return withCloud(env, url, async (cloud) => {
    const { tenant } = cloud.config
    const called = name?.trim() ?? tenant.charAt(0).toUpperCase() + tenant.slice(1)
    const invited = await inviteOperatorOwner(cloud, { name: called, email: owner })
    if (!invited.ok) {
      out.complain(
        invited.error.code === 'api.conflict'
          ? 'The operator’s organisation has members already; its owners invite whoever shall join.'
          : `Refused: ${invited.error.code}`,
      )
      return 2
    }
    const { joinUrl, expiresAtS, isMailed } = invited.value
    out.print(`${owner} is invited as owner of the operator’s organisation.`)
    out.print(`Whoever opens this link first is in, until ${formatTimestamp('en', expiresAtS, 'UTC')} UTC:`)
    out.print(joinUrl)
    if (isMailed) out.print('The link is on its way by mail, too.')
    return 0
  })
}
