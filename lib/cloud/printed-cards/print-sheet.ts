/**
 * The sheet of a batch, ready for a printer. It is money on paper: whoever takes it stands in the audit log before the first
 * byte leaves, nothing keeps it, and a card that is void, used up or expired is not printed again.
 */

import { createTranslator } from 'use-intl/core'
import { refusal, type Refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Locale } from '@/lib/format/locale'
import german from '@/lib/format/messages/de/console-printed.json'
import english from '@/lib/format/messages/en/console-printed.json'
import { formatAmount, formatMoney } from '@/lib/format/money'
import { cardSheetPdf, type SheetCard } from '@/lib/format/pdf/card-sheet'
import { printedCode } from '@/lib/format/pdf/printed-code'
import { winAnsiBytes } from '@/lib/format/pdf/win-ansi'
import { formatDay } from '@/lib/format/time'
import { envelopeToText } from '@/lib/protocol/envelope'
import { writeAuditLine } from '../audit'
import type { Cloud } from '../context'
import { transact } from '../database/connection'
import type { FleetCardBatchRow } from '../database/tables/fleet-card-batches'
import { cardsOfBatch, type IssuedVoucher } from '../issuance/vouchers'
import { batchById, cardsOfBatches } from './batch-rows'
import { isLive, shortSerial } from './card-rule'
import { operatorName } from './operator-name'
import { labelsOfSites } from './site-chargers'

const words: Readonly<Record<Locale, typeof english>> = { en: english, de: german }
const dayS = 86_400

export interface SheetOrder {
  readonly fleetId: string
  readonly batchId: string
  readonly locale: Locale
  readonly author: string
}

export interface CardSheetFile {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export async function printSheet(cloud: Cloud, order: SheetOrder): Promise<Result<CardSheetFile, Refusal>> {
  const read = await readSheet(cloud, order)
  if (!read.ok) return read
  const { batch, vouchers, sites, operator } = read.value
  const { locale } = order
  const t = createTranslator({ locale, messages: { sheet: words[locale].sheet } })
  const amount = moneyOnPaper(locale, batch.cap_minor, batch.currency)
  const cards: SheetCard[] = []
  for (const { serial, number, bytes } of vouchers) {
    cards.push({
      amount,
      serial: t('sheet.serial', { number, serial: shortSerial(serial) }),
      code: printedCode(envelopeToText({ kind: 'voucher', parts: [bytes] })),
    })
    // Two hundred codes are half a second of work: whoever else waits for an answer goes between.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const bytes = cardSheetPdf({
    ...{ language: locale, operator, sites, cards, bearer: t('sheet.bearer'), how: t('sheet.how') },
    title: t('sheet.title', { name: batch.name }),
    // The last day that is whole, so that it promises nothing which the hour of its making cuts off.
    until: t('sheet.until', { day: formatDay(locale, batch.not_after_s - dayS, 'UTC') }),
    where: (names, more) => t('sheet.where', { sites: names, more }),
    foot: (page, pages) => t('sheet.foot', { name: batch.name, page, pages }),
  })
  return ok({ name: `outpost-cards-${batch.batch_id.slice(0, 8)}.pdf`, bytes })
}

interface ReadSheet {
  readonly batch: FleetCardBatchRow
  readonly vouchers: readonly IssuedVoucher[]
  readonly sites: readonly string[]
  readonly operator: string
}

const readSheet = (
  cloud: Cloud,
  { fleetId, batchId, author }: SheetOrder,
): Promise<Result<ReadSheet, Refusal>> =>
  transact(cloud.db, cloud.config.tenant, async (tx) => {
    const batch = await batchById(cloud, tx, fleetId, batchId)
    if (batch === undefined) return err(refusal('api.not-found'))
    const cards = (await cardsOfBatches(cloud, tx, [batch.voucher_batch])).get(batch.voucher_batch) ?? []
    const live = new Set<string>(cards.filter(isLive).map(({ cardId }) => cardId))
    if (live.size === 0) return err(refusal('api.conflict'))
    const vouchers = await cardsOfBatch(tx, cloud.config.tenant, batch.voucher_batch)
    const labels = await labelsOfSites(cloud, tx, batch.sites)
    await writeAuditLine(cloud, tx, author, 'printed-card.print', batchId, fleetId)
    return ok({
      batch,
      vouchers: vouchers.filter(({ serial }) => live.has(serial)),
      sites: [...labels.values()],
      operator: await operatorName(cloud, tx),
    })
  })

/** The built-in fonts lack the signs of some currencies; their codes are plain letters. */
function moneyOnPaper(locale: Locale, amountMinor: number, currency: string): string {
  const text = formatMoney(locale, amountMinor, currency)
  const lacks = winAnsiBytes(text).includes('?'.codePointAt(0) ?? 0)
  return lacks ? `${currency} ${formatAmount(locale, amountMinor, currency)}` : text
}
