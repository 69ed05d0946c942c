/** Credit of other kinds that drivers take along: good at one site only, or from a fleet. */

import type { Act } from './everyday'

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
