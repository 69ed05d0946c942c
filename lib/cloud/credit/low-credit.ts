/**
 * Warns a fleet's owners and managers when little credit is left: once, and again only after it has risen in between. The
 * mail is written in the transaction that remembers the warning.
 */

import { createTranslator } from 'use-intl/core'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import germanWords from '@/lib/format/messages/de/mail-credit.json'
import englishWords from '@/lib/format/messages/en/mail-credit.json'
import { formatMoney } from '@/lib/format/money'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { inTenant, transact, type TenantTransaction } from '../database/connection'
import { queueMail } from '../mail/queue-mail'
import { changeTerms, creditTermsOf, lockPosition } from './credit-rows'
import { freeOf } from './free-credit'
import { giveBackDrawn } from './set-aside'

export const setAlert = (
  cloud: Cloud,
  order: { readonly fleetId: string; readonly belowMinor: number | null; readonly author: string },
): Promise<Result<{ readonly alertBelowMinor: number | null }, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const { fleetId, belowMinor, author } = order
    // Another threshold is another question: whoever is below it hears of it anew.
    await changeTerms(cloud, tx, fleetId, { alert_below_minor: belowMinor, alerted_at_s: null })
    await writeAuditLine(cloud, tx, author, 'credit.alert', String(belowMinor ?? 'off'), fleetId)
    return ok({ alertBelowMinor: belowMinor })
  })

/** By the worker, now and then. Says how many were warned. */
export async function watchCredit(cloud: Cloud): Promise<number> {
  const { tenant } = cloud.config
  const fleets = await inTenant(cloud.db, tenant, (tx) =>
    tx
      .selectFrom('fleet_credit')
      .select('fleet_id')
      .where('tenant', '=', tenant)
      .orderBy('fleet_id')
      .execute(),
  )
  let warned = 0
  for (const { fleet_id: fleetId } of fleets)
    if (await inTenant(cloud.db, tenant, (tx) => watchFleet(cloud, tx, fleetId))) warned += 1
  return warned
}

async function watchFleet(cloud: Cloud, tx: TenantTransaction, fleetId: string): Promise<boolean> {
  const position = await lockPosition(cloud, tx, fleetId)
  await giveBackDrawn(cloud, tx, fleetId, 'worker')
  const { alertBelowMinor, alertedAtS } = await creditTermsOf(cloud, tx, fleetId)
  const freeMinor = freeOf(position)
  const isLow = alertBelowMinor !== null && freeMinor < alertBelowMinor
  if (isLow === (alertedAtS !== null)) return false
  const nowS = cloud.clock.nowS()
  await changeTerms(cloud, tx, fleetId, { alerted_at_s: isLow ? nowS : null })
  if (isLow) await mailLowCredit(cloud, tx, fleetId, { freeMinor, alertBelowMinor, nowS })
  return isLow
}

interface LowCredit {
  readonly freeMinor: number
  readonly alertBelowMinor: number
  readonly nowS: number
}

/** Nobody's language is known here: the mail says it in both. */
async function mailLowCredit(cloud: Cloud, tx: TenantTransaction, fleetId: string, low: LowCredit) {
  const { tenant, currency, origin } = cloud.config
  const people = await tx
    .selectFrom('organisation_members as m')
    .innerJoin('console_people as p', (join) =>
      join.onRef('p.tenant', '=', 'm.tenant').onRef('p.account_id', '=', 'm.account_id'),
    )
    .innerJoin('organisations as o', (join) =>
      join.onRef('o.tenant', '=', 'm.tenant').onRef('o.organisation_id', '=', 'm.organisation_id'),
    )
    .select(['p.email as email', 'p.account_id as accountId', 'o.name as name'])
    .where('m.tenant', '=', tenant)
    .where('m.organisation_id', '=', fleetId)
    .where('m.role', 'in', ['owner', 'manager'])
    .orderBy('p.account_id')
    .execute()
  for (const { email, accountId, name } of people) {
    const facts = (locale: 'en' | 'de') => ({
      ...{ name: plainName(name), link: `${origin}/fleet/credit` },
      free: formatMoney(locale, low.freeMinor, currency),
      below: formatMoney(locale, low.alertBelowMinor, currency),
    })
    const english = createTranslator({ locale: 'en', messages: { mail: englishWords } })
    const german = createTranslator({ locale: 'de', messages: { mail: germanWords } })
    await queueMail(tx, cloud, {
      to: email,
      subject: `${english('mail.lowCredit.subject', facts('en'))} / ${german('mail.lowCredit.subject', facts('de'))}`,
      text: `${english('mail.lowCredit.text', facts('en'))}\n\n${german('mail.lowCredit.text', facts('de'))}\n`,
      key: `low-credit ${low.nowS} ${accountId}`,
      organisationId: fleetId,
    })
  }
}

/** A fleet names itself: its name must not read like a link of ours. */
const plainName = (name: string): string =>
  name
    .replace(/[\s\p{Cc}/:@.]+/gu, ' ')
    .trim()
    .slice(0, 80)
