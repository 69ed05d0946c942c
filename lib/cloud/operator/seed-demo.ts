/** The world of the demonstration: a row of sites along a road, one of them with a charger that is here, a fleet and a driver, both with credit. */

import type { Cloud } from '../context'
import { siteId } from '@/lib/core/ids'
import { inTenant, type TenantTransaction } from '../database/connection'
import { wholeUnits } from '@/lib/policy/defaults'
import { fleetAccount, walletAccount, type OwnerAccount } from '../ledger/accounts'
import { placeSites } from '../issuance/trip-sites'
import { openOrganisation } from '../organisations/commands'
import { operatorOf } from '../organisations/operator-owner'
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
  managerName: 'Isla Munro',
  managerEmail: 'isla.munro@glen-haulage.example',
  fleetCredit: 500,
  operatorId: 'demo-operations',
  operatorName: 'Outpost',
  operatorPersonId: 'demo-operator',
  operatorPersonName: 'Rhona Baxter',
  operatorPersonEmail: 'rhona.baxter@outpost.example',
  driverId: 'demo-driver',
  driverCredit: 100,
} as const

/** North to south along one road, so that a journey can be prepared for. Chargers stand elsewhere, but at one. */
const demoSites = [
  ['tummel', 'Pitlochry Tummel', 5_670_400, -373_000, 1],
  ['dunkeld', 'Dunkeld Riverside', 5_656_500, -358_500, 2],
  ['perth', 'Perth Broxden', 5_638_300, -348_200, 4],
  [demo.siteId, demo.siteLabel, 5_620_700, -343_900, 1],
  ['halbeath', 'Halbeath Park', 5_608_500, -339_500, 3],
  ['forth', 'Forth Crossing', 5_602_300, -341_300, 1],
  ['almond', 'Newbridge Almond', 5_593_400, -341_400, 2],
  ['abington', 'Abington Moor', 5_549_700, -369_500, 1],
] as const

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
  await registerSites(cloud)
  const { fleetId, fleetNumber, fleetName, managerId, managerName, managerEmail } = demo
  await registerFleet(cloud, {
    fleetId,
    fleetNumber,
    name: fleetName,
    managerId,
    managerName,
    managerEmail,
  })
  await registerOperator(cloud)
  await registerDriver(cloud)
  await giveCredit(cloud, fleetAccount(fleetId), demo.fleetCredit, 'demo-seed')
  await giveCredit(cloud, walletAccount(demo.driverId), demo.driverCredit, 'demo-seed-driver')
  return { chargerId: demo.chargerId, enrolmentCode, fleetId, managerId }
}

async function registerSites(cloud: Cloud): Promise<void> {
  const { tenant } = cloud.config
  await placeSites(
    cloud,
    demoSites.map(([id, label, latitudeE5, longitudeE5]) => ({
      siteId: siteId(id),
      label,
      latitudeE5,
      longitudeE5,
    })),
  )
  const elsewhere = demoSites.filter(([id]) => id !== demo.siteId)
  const chargers = elsewhere.flatMap(([id, , , , bays]) =>
    Array.from({ length: bays }, (_, bay) => ({
      tenant,
      charger_id: `${id.toUpperCase()}-${bay + 1}`,
      site_id: id,
      bay_label: `A${bay + 1}`,
      created_at_s: cloud.clock.nowS(),
    })),
  )
  await inTenant(cloud.db, tenant, (tx) =>
    tx
      .insertInto('chargers')
      .values(chargers)
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

/** Somebody may have opened the operator's organisation at the terminal before: then it stays theirs. */
async function registerOperator(cloud: Cloud): Promise<void> {
  const { operatorId: organisationId, operatorName: name, operatorPersonId: accountId } = demo
  await inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const known = await operatorOf(cloud, tx)
    if (known !== undefined && known !== organisationId) return
    await registerAccount(cloud, tx, accountId)
    const owner = { accountId, name: demo.operatorPersonName, email: demo.operatorPersonEmail }
    await openOrganisation(cloud, tx, { organisationId, kind: 'operator', name, owner })
  })
}

const registerDriver = (cloud: Cloud): Promise<unknown> =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => registerAccount(cloud, tx, demo.driverId))

const registerAccount = (cloud: Cloud, tx: TenantTransaction, accountId: string): Promise<unknown> =>
  tx
    .insertInto('accounts')
    .values({ tenant: cloud.config.tenant, account_id: accountId, created_at_s: cloud.clock.nowS() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()

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
