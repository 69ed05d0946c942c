/** Tells a fleet's owners that an invoice is there, in the transaction that makes it. Nobody's language is known: in both. */

import { createTranslator } from 'use-intl/core'
import germanWords from '@/lib/format/messages/de/mail-invoice.json'
import englishWords from '@/lib/format/messages/en/mail-invoice.json'
import type { Locale } from '@/lib/format/locale'
import { formatMoney } from '@/lib/format/money'
import { formatMonth } from '@/lib/format/time'
import type { TenantTransaction } from '../database/connection'
import { queueMail } from '../mail/queue-mail'
import type { InvoiceBooks } from './invoice-books'

export interface ToldInvoice {
  readonly number: string
  readonly month: string
  readonly grossMinor: number
}

export async function mailInvoice(
  cloud: InvoiceBooks,
  tx: TenantTransaction,
  fleetId: string,
  invoice: ToldInvoice,
): Promise<void> {
  const { tenant, currency, origin } = cloud.config
  const owners = await tx
    .selectFrom('organisation_members as m')
    .innerJoin('console_people as p', (join) =>
      join.onRef('p.tenant', '=', 'm.tenant').onRef('p.account_id', '=', 'm.account_id'),
    )
    .select(['p.email as email', 'p.account_id as accountId'])
    .where('m.tenant', '=', tenant)
    .where('m.organisation_id', '=', fleetId)
    .where('m.role', '=', 'owner')
    .orderBy('p.account_id')
    .execute()
  const mail = invoiceMail(invoice, currency, `${origin}/fleet/credit#invoices`)
  for (const { email, accountId } of owners)
    await queueMail(tx, cloud, {
      ...mail,
      to: email,
      key: `invoice ${invoice.number} ${accountId}`,
      organisationId: fleetId,
    })
}

export function invoiceMail(
  { number, month, grossMinor }: ToldInvoice,
  currency: string,
  link: string,
): { readonly subject: string; readonly text: string } {
  const facts = (locale: Locale) => ({
    ...{ number, link, total: formatMoney(locale, grossMinor, currency) },
    month: formatMonth(locale, Date.parse(`${month}-15T12:00:00Z`) / 1_000, 'UTC'),
  })
  const english = createTranslator({ locale: 'en', messages: { mail: englishWords } })
  const german = createTranslator({ locale: 'de', messages: { mail: germanWords } })
  return {
    subject: `${english('mail.subject', facts('en'))} / ${german('mail.subject', facts('de'))}`,
    text: `${english('mail.text', facts('en'))}\n\n${german('mail.text', facts('de'))}\n`,
  }
}
