/**
 * Gives a grant back for good: the operator hears the whole chain, then its signed end, and what was not spent is in the
 * account again. Repeating all of it changes nothing on either side.
 */

import { toBase64Url } from '@/lib/core/bytes'
import type { GrantSerial } from '@/lib/core/ids'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { AccountPort } from './account-port'
import { withCloseOutcome } from './chain-close'
import type { CloudPort } from './cloud-port'
import { beyondThisPhone, isWhollyReported, sendReports } from './obtain-grant'
import { reportsDue, reportsOfChain } from './report'
import type { Wallet } from './wallet'

export async function giveBack(
  wallet: Wallet,
  cloud: CloudPort,
  account: AccountPort,
  serial: GrantSerial,
): Promise<Result<void, Refusal>> {
  const told = await sendReports(wallet, cloud, reportsDue(wallet.snapshot()))
  if (!told.ok) return told
  if (!isWhollyReported(wallet, serial)) return err(refusal('close.incomplete'))
  const closed = await wallet.closeGrant(serial, 'return')
  if (!closed.ok) return closed
  // An exchange was begun before: that leads to the money, and this must not stand in its way.
  if (closed.value.renewalKey !== null) return err(refusal('grant.closed'))
  const close = toBase64Url(closed.value.signed)
  let given = await account.giveBack(close)
  if (!given.ok && given.error.code === 'close.incomplete') {
    const chain = wallet.snapshot().chains.find((candidate) => candidate.serial === serial)
    const again = await sendReports(wallet, cloud, chain === undefined ? [] : reportsOfChain(chain))
    if (!again.ok) return again
    given = await account.giveBack(close)
  }
  if (given.ok) return wallet.apply((state) => ok(withCloseOutcome(state, serial, 'returned')))
  if (beyondThisPhone.has(given.error.code)) {
    await wallet.apply((state) => ok(withCloseOutcome(state, serial, 'contradicted')))
  }
  return given
}
