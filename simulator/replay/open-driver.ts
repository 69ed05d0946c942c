/** A driver's phone and how it comes to be able to pay: from credit of its own, or with a fleet's token. */

import type { Cloud } from '@/lib/cloud/context'
import { issueToken } from '@/lib/cloud/fleet/commands'
import { fleetAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { topUp } from '@/lib/cloud/topup/commands'
import type { Clock, Random } from '@/lib/core/clock'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import { riskDefaults, wholeUnits } from '@/lib/policy/defaults'
import type { CloudPort } from '@/lib/wallet/cloud-port'
import { inProcessCloud } from '@/simulator/phone/in-process-cloud'
import { VirtualPhone } from '@/simulator/phone/virtual-phone'
import { losingReplies, type ReplayDriver } from './driver'
import { receiptsIn, type EvidenceCount } from './evidence-count'
import type { PlannedDriver } from './plan'
import { fractionFrom } from './seeded-random'
import { driverAppOrigin } from './simulated-cloud'

export const replayFleet = {
  fleetId: 'replay-fleet',
  fleetNumber: 1,
  name: 'Replay Haulage',
  managerId: 'replay-manager',
} as const

export interface TokenTerms {
  readonly capMinor: number
  readonly sessionCapMinor: number
}

export interface DriverWorld {
  readonly cloud: Cloud
  readonly evidence: EvidenceCount
  readonly clock: Clock
  readonly random: Random
  readonly token: TokenTerms
  readonly beginsAtS: EpochSeconds
}

const replyLostShare = 0.3
const tokenDays = 30
const payingCard = '4242 4242 4242 4242'

export async function openDriver(plan: PlannedDriver, world: DriverWorld): Promise<ReplayDriver> {
  const { cloud, evidence, clock, random } = world
  const home = inProcessCloud(cloud)
  const counted: CloudPort = {
    ...home,
    report(chains) {
      evidence.take(receiptsIn(chains), 'phone')
      return home.report(chains)
    },
  }
  const phone = await VirtualPhone.open({
    cloud: losingReplies(counted, () => fractionFrom(random), replyLostShare),
    clock,
    random,
    origin: driverAppOrigin,
    buildTimeS: epochSeconds(world.beginsAtS - 86_400),
  })
  const join = plan.pays === 'fleet' ? joinFleet : payCredit
  return { plan, phone, join: () => join(plan, phone, world) }
}

type Join = (plan: PlannedDriver, phone: VirtualPhone, world: DriverWorld) => ReturnType<ReplayDriver['join']>

const payCredit: Join = async ({ name }, phone, { cloud }) => {
  const { currency } = cloud.config
  const amountMinor = wholeUnits(riskDefaults.roamingCap, currency)
  expectOk(await phone.signUp(), `${name} signs up`)
  expectOk(await phone.topUp(amountMinor, currency, 'replay-top-up'), `${name} tops up`)
  expectOk(await phone.takeAlong(), `${name} takes credit along`)
  const accountId = phone.wallet.snapshot().account?.accountId ?? ''
  return { owner: walletAccount(accountId), paidInMinor: amountMinor }
}

const joinFleet: Join = async ({ name }, phone, { cloud, token }) => {
  const { fleetId, managerId } = replayFleet
  const owner = fleetAccount(fleetId)
  const key = `replay ${name}`
  const paid = await topUp(cloud, {
    owner,
    amountMinor: token.capMinor,
    currency: cloud.config.currency,
    cardNumber: payingCard,
    idempotencyKey: key,
    author: managerId,
  })
  expectOk(paid, `the fleet pays for ${name}`)
  const issued = await issueToken(cloud, {
    ...token,
    fleetId,
    driverName: name,
    dailyLimitMinor: 0,
    days: tokenDays,
    idempotencyKey: key,
    author: managerId,
  })
  const { claimCode } = expectOk(issued, `the fleet gives ${name} a token`)
  expectOk(await phone.claim(claimCode), `${name} claims the token`)
  return { owner, paidInMinor: token.capMinor }
}
