/** Credit of other kinds that drivers take along: good at one site only, or from a fleet. */

import { toBase64Url } from '@/lib/core/bytes'
import { hashSecret } from '@/lib/cloud/secrets'
import type { Act } from './everyday'
import { serialsOf } from './sync-words'

const told = (
  outcome: { readonly ok: boolean; readonly error?: { readonly code: string } } | undefined,
): string => (outcome === undefined ? 'off' : (outcome.error?.code ?? 'done'))

export const takeToSite: Act = async (world) => {
  const { dice, plan } = world
  const phone = dice.pick(world.phones)
  const site = dice.pick(plan.sites)
  const taken = await phone.takeToSites([site], dice.pick([1_000, 3_000, 8_000, 30_000]))
  return `${phone.name} takes credit for ${site} along: ${told(taken)}`
}

/** Somebody without an account, on a phone that may have one. */
export const payAsGuest: Act = async (world) => {
  const { dice, cloud, truth } = world
  const phone = dice.pick(world.phones)
  const token = toBase64Url(dice.bytes(16))
  const paymentId = hashSecret(hashSecret(token)).slice(0, 32)
  const order = {
    paymentId,
    token,
    amountMinor: dice.pick([500, 1_000, 1_500, 4_000]),
    isCardGood: dice.chance(0.9),
  }
  const owner = `guest:${paymentId}`
  const bought = await phone.buyAsGuest(owner, async (devicePublicKey) => {
    const begun = await cloud.payAsGuest({ ...order, devicePublicKey })
    const [serial] = begun.ok ? serialsOf([{ grant: begun.value.grant }]) : []
    if (serial === undefined) return begun
    truth.owners.set(serial, owner)
    truth.guests.set(paymentId, { holdMinor: order.amountMinor, serial })
    return begun
  })
  return `a guest with ${phone.name} sets ${order.amountMinor} aside: ${told(bought)}`
}

export const claimFromFleet: Act = async (world) => {
  const { dice, plan, cloud } = world
  if (plan.fleetMinor === 0) return undefined
  const phone = dice.pick(world.phones)
  const issued = await cloud.issueToken({
    capMinor: dice.pick([1_000, 3_000, 6_000]),
    sessionCapMinor: dice.pick([500, 1_500, 3_000]),
    dailyLimitMinor: dice.pick([0, 700, 1_500]),
    days: dice.pick([1, 7, 30]),
    sites: dice.chance(0.3) ? [dice.pick(plan.sites)] : [],
  })
  if (!issued.ok) return `the fleet gives ${phone.name} nothing: ${issued.error.code}`
  return `${phone.name} claims from the fleet: ${told(await phone.claim(issued.value))}`
}
