/** A fleet at a glance: what is out of sight first, then what was spent, each part with the age of what it is made from. */

import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import type { Cloud } from '../context'
import { positionOf } from '../credit/credit-rows'
import { freeOf } from '../credit/free-credit'
import { inTenant } from '../database/connection'
import { monthStartS } from '../issuance/fleet-budget'
import { reservedOf } from '../issuance/queries'
import { fleetAccount, receivableAccount } from '../ledger/accounts'
import { balancesOf } from '../ledger/queries'
import type { AnswerOf } from '../operations/operation'
import type { readDashboard } from '../operations/dashboard'
import { doubts, oldestCharger, oldestPhone, openHolds, refundsUnderWay } from './risk'
import { countedAtS, lastNewsS, monthOfTokens, spendByDay } from './spend'
import { byDriver, byMonth, byVehicle, monthBudget, triesOf } from './spend-lists'

const dayS = 86_400
const yearDays = 366
const daysMax = 90
const triesDays = 30

export const dashboardOf = (
  cloud: Cloud,
  fleetId: string,
): Promise<Result<AnswerOf<typeof readDashboard>, Refusal>> =>
  inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { tenant, currency } = cloud.config
    const nowS = cloud.clock.nowS()
    const owner = fleetAccount(fleetId)
    const fleet = { tenant, fleetId, owner }
    const receivable = receivableAccount(owner)
    const balances = await balancesOf(tx, tenant, [receivable], currency)
    const { reservedMinor } = await reservedOf(tx, tenant, owner)
    const monthS = monthStartS(nowS)
    const todayS = Math.floor(nowS / dayS) * dayS
    const year = await spendByDay(tx, fleet, monthStartS(todayS - yearDays * dayS))
    const since = (days: number) => year.filter((day) => day.dayS > todayS - days * dayS)
    const month = await monthOfTokens(tx, fleet, { monthS, nowS })
    return ok({
      currency,
      asOfS: nowS,
      lastNewsAtS: await lastNewsS(tx, fleet),
      countedAtS: await countedAtS(tx, fleet),
      money: {
        freeMinor: freeOf(await positionOf(cloud, tx, fleetId)),
        setAsideMinor: reservedMinor,
        owedMinor: -(balances.get(receivable)?.postedMinor ?? 0) || 0,
      },
      risk: await openHolds(tx, fleet),
      unsyncedCharger: await oldestCharger(tx, fleet),
      unsyncedPhone: await oldestPhone(tx, fleet),
      doubts: await doubts(tx, fleet),
      refunds: await refundsUnderWay(tx, fleet),
      month: { monthS, ...monthBudget(month) },
      firstTry: { days: triesDays, ...triesOf(since(triesDays)) },
      days: since(daysMax).map((day) => ({
        ...{ dayS: day.dayS, sessions: day.sessions, energyWh: day.energyWh, costMinor: day.costMinor },
      })),
      months: byMonth(year).slice(-12),
      drivers: byDriver(month.tokens),
      vehicles: byVehicle(month.tokens),
    })
  })
