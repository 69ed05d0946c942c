/** The world of the demonstration: one site with one charger, a fleet and a driver, both with credit. */

import type { Cloud } from '../context'
import { inTenant } from '../database/connection'
import { wholeUnits } from '@/lib/policy/defaults'
import { fleetAccount, walletAccount, type OwnerAccount } from '../ledger/accounts'
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
  driverId: 'demo-driver',
  driverCredit: 100,
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
  await registerDriver(cloud)
  await giveCredit(cloud, fleetAccount(fleetId), demo.fleetCredit, 'demo-seed')
  await giveCredit(cloud, walletAccount(demo.driverId), demo.driverCredit, 'demo-seed-driver')
  return { chargerId: demo.chargerId, enrolmentCode, fleetId, managerId }
}

async function registerDriver(cloud: Cloud): Promise<void> {
  const { tenant } = cloud.config
  await inTenant(cloud.db, tenant, (tx) =>
    tx
      .insertInto('accounts')
      .values({ tenant, account_id: demo.driverId, created_at_s: cloud.clock.nowS() })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

async function giveCredit(cloud: Cloud, owner: OwnerAccount, amount: number, key: string): Promise<void> {
  const credited = await topUp(cloud, {
    owner,
    amountMinor: wholeUnits(amount, cloud.config.currency),
    currency: cloud.config.currency,
    cardNumber: '4242 4242 4242 4242',
    idempotencyKey: key,
    author: demo.managerId,
  })
  if (!credited.ok) throw new Error(`The demonstration got no credit: ${credited.error.code}`)
}
