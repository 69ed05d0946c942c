/** An invoice as a PDF: what was written when it was made, in its language. */

import { createTranslator } from 'use-intl/core'
import { decimalText } from '@/lib/format/decimal'
import { formatMoney, formatPercent } from '@/lib/format/money'
import { numberFormat } from '@/lib/format/intl-cache'
import germanWords from '@/lib/format/messages/de/invoice.json'
import englishWords from '@/lib/format/messages/en/invoice.json'
import {
  invoicePdf,
  type InvoiceFact,
  type InvoicePaper,
  type InvoiceRow,
} from '@/lib/format/pdf/invoice-pages'
import { formatDay, formatMonth } from '@/lib/format/time'
import { ratesOf, type CorrectionLine, type InvoiceDocument, type SiteLine } from './invoice-document'
import { monthAfter } from './months'
import type { WholeInvoice } from './queries'

const words = { en: englishWords, de: germanWords }
const daySeconds = 86_400

export const invoicePaper = (invoice: WholeInvoice): Uint8Array<ArrayBuffer> => invoicePdf(paperOf(invoice))

function paperOf(invoice: WholeInvoice): InvoicePaper {
  const { invoiceNumber: number, month, currency, netMinor, grossMinor, document } = invoice
  const { locale, seller, buyer, sites, corrections } = document
  const say = createTranslator({ locale, messages: words[locale] })
  const money = (amountMinor: number): string => formatMoney(locale, amountMinor, currency)
  const startS = monthStartS(month)
  const row = siteRow(document, money)
  return {
    language: locale,
    title: grossMinor < 0 ? say('creditNote', { number }) : say('title', { number }),
    period: say('period', {
      from: formatDay(locale, startS, 'UTC'),
      to: formatDay(locale, monthStartS(monthAfter(month)) - daySeconds, 'UTC'),
    }),
    seller: { name: seller.name, lines: [...seller.address, say('taxId', { id: seller.taxId })] },
    buyer: { title: say('billTo'), name: buyer.name, lines: buyer.address },
    facts: factsOf(invoice),
    columns: [
      say('columns.sessions'),
      say('columns.energy'),
      say('columns.rate'),
      say('columns.net'),
      say('columns.gross'),
    ],
    sections: [
      { title: say('charging'), rows: sites.map((line) => row(line.site || say('noSite'), line)) },
      { title: say('corrections'), rows: corrections.map((line) => row(say(`kind.${line.kind}`), line)) },
    ].filter(({ rows }) => rows.length > 0),
    sums: [
      { name: say('netSum'), value: money(netMinor) },
      ...ratesOf(document).map(({ rateBasisPoints, netMinor: net, taxMinor }) => ({
        name: say('taxSum', { rate: formatPercent(locale, rateBasisPoints), net: money(net) }),
        value: money(taxMinor),
      })),
    ],
    total: { name: say('total'), value: money(grossMinor) },
    notes: [
      grossMinor < 0 ? say('returned') : say('paid'),
      ...(document.goodwillMinor > 0 ? [say('goodwill', { amount: money(document.goodwillMinor) })] : []),
      say('rounding'),
      say('lines'),
    ],
    foot: [seller.name, ...seller.address, say('taxId', { id: seller.taxId })].join(' · '),
    pageOf: (page, pages) => say('page', { page, pages }),
  }
}

const monthStartS = (month: string): number => Date.parse(`${month}-01T00:00:00Z`) / 1_000

function factsOf({
  invoiceNumber,
  month,
  issuedAtS,
  document: { locale, buyer },
}: WholeInvoice): InvoiceFact[] {
  const say = createTranslator({ locale, messages: words[locale] })
  return [
    { name: say('number'), value: invoiceNumber },
    { name: say('issued'), value: formatDay(locale, issuedAtS, 'UTC') },
    { name: say('month'), value: formatMonth(locale, monthStartS(month), 'UTC') },
    ...(buyer.vatId === null ? [] : [{ name: say('vatId'), value: buyer.vatId }]),
    ...(buyer.orderReference === null ? [] : [{ name: say('order'), value: buyer.orderReference }]),
  ]
}

const siteRow =
  ({ locale }: InvoiceDocument, money: (amountMinor: number) => string) =>
  (name: string, line: SiteLine | CorrectionLine): InvoiceRow => ({
    name,
    cells: [
      numberFormat(locale, {}).format(line.sessions),
      'energyWh' in line
        ? numberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
            decimalText(line.energyWh, 3),
          )
        : '',
      formatPercent(locale, line.rateBasisPoints),
      money(line.netMinor),
      money(line.netMinor + line.taxMinor),
    ],
  })
