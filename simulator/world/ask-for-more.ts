/** A phone that is online asks for more than a charger grants a stranger, and carries the answer there itself. */

import { parseMessage } from '@/lib/protocol/message'
import { permit } from '@/lib/protocol/messages/permit'
import { chainsOn } from './phone-records'
import type { World } from './world'
import type { WorldCharger } from './world-charger'
import type { WorldPhone } from './world-phone'

export async function askForMore(world: World, phone: WorldPhone, charger: WorldCharger): Promise<string> {
  const { dice, cloud, truth } = world
  const own = `wallet:${phone.accountId}`
  const chain = chainsOn(phone.disk).findLast(
    ({ closing, serial }) => closing === null && truth.owners.get(serial) === own,
  )
  if (chain === undefined || phone.wallet === undefined) return 'nothing to ask for'
  const order = {
    serial: chain.serial,
    chargerId: charger.id,
    maximumMinor: dice.pick([2_000, 3_000, 5_000, 9_000]),
  }
  const issued = await cloud.raise(phone.accountId, order)
  if (!issued.ok) return issued.error.code
  const signed = parseMessage(permit, issued.value)
  if (!signed.ok) throw new Error('The cloud signs permits of ours')
  const { maximumMinor = 0, notAfterS } = signed.value.payload
  truth.raises.push({ serial: chain.serial, chargerId: charger.id, maximumMinor, notAfterS })
  await phone.report()
  return `up to ${maximumMinor}`
}
