/** The world of the demonstration: one site with one charger, one fleet with credit and its manager. */

import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { wholeUnits } from '@/lib/policy/defaults'
import { fleetAccount } from '../ledger/accounts'
import { topUp } from '../topup/commands'
import { registerCharger, registerFleet } from './commands'

export const demo = {
  chargerId: 'KINROSS-1',
  siteId: 'kinross',
  siteLabel: 'Kinross Services',
  bayLabel: 'A2',
  fleetId: 'glen-haulage',
  fleetNumber: 1,
  fleetName: 'Glen Haulage',
  managerId: 'demo-manager',
  fleetCredit: 500,
} as const

export interface DemoSeed {
  readonly chargerId: string
  /** For a controller that is not enrolled yet; a fresh one at each call, each good for one key. */
  readonly enrolmentCode: string
  readonly fleetId: string
  readonly managerId: string
}

/** Safe to repeat: the credit is given once. Throws outside demo mode. */
export async function seedDemo(cloud: Cloud): Promise<DemoSeed> {
  if (!cloud.config.isDemo) throw new Error('The demonstration is seeded only with OUTPOST_DEMO=1.')
  const { enrolmentCode } = await registerCharger(cloud, demo)
  const { fleetId, fleetNumber, fleetName, managerId } = demo
  await registerFleet(cloud, { fleetId, fleetNumber, name: fleetName, managerId })
  const credited = await topUp(cloud, {
    owner: fleetAccount(fleetId),
    amountMinor: wholeUnits(demo.fleetCredit, cloud.config.currency),
    currency: cloud.config.currency,
    cardNumber: '4242 4242 4242 4242',
    idempotencyKey: 'demo-seed',
    author: managerId,
  })
  if (!credited.ok) throw new Error(`The demo fleet got no credit: ${credited.error.code}`)
  return { chargerId: demo.chargerId, enrolmentCode, fleetId, managerId }
}

/** Whether the demo fleet is there, so that a page can offer to sign in to it. */
export async function hasDemoFleet(cloud: Cloud): Promise<boolean> {
  if (!cloud.config.isDemo) return false
  const row = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('fleets')
      .select('fleet_id')
      .where('tenant', '=', cloud.config.tenant)
      .where('fleet_id', '=', demo.fleetId)
      .executeTakeFirst(),
  )
  return row !== undefined
}
