/** The receipt as a page to keep, to hand in and to check: words and figures for lib/format/pdf. Loaded when asked for. */

import type { useTranslations } from 'use-intl/react'
import type { ReceiptFacts, ReceiptLine } from '@/components/driver/receipt-facts'
import type { ReceiptView } from '@/components/driver/receipt-view'
import { qrModules } from '@/components/ui/qr-modules'
import { receiptPdf, type PaperSection } from '@/lib/format/pdf/receipt-page'
import type { Formats } from '@/lib/format/use-format'

export interface PaperWords {
  readonly language: string
  readonly receipt: ReturnType<typeof useTranslations<'receipt'>>
  readonly driver: ReturnType<typeof useTranslations<'driver.receipt'>>
  readonly format: Formats
  lineNote(kind: ReceiptLine['kind']): string
}

/** Undefined where the proof is longer than any code can be. */
export function makeReceiptPaper(
  view: ReceiptView,
  proof: { readonly text: string; readonly link: string },
  words: PaperWords,
): Uint8Array<ArrayBuffer> | undefined {
  const { facts } = view
  const { receipt: t, driver, format } = words
  const money = (amountMinor: number): string => format.money(amountMinor, facts.currency)
  const code = qrModules(proof.link)
  if (code === undefined) return undefined
  const address = new URL(proof.link)
  return receiptPdf({
    language: words.language,
    title: t('numbered', { number: facts.receiptNumber }),
    operator: facts.operatorName,
    place: `${facts.siteLabel} · ${facts.bayLabel}`,
    total: money(facts.totalMinor),
    summary: [
      format.energyExact(facts.energyWh),
      format.duration(facts.durationS),
      format.timestamp(facts.startS),
    ].join(' · '),
    lines: facts.lines.map(({ kind, amountMinor }) => ({
      name: t(`line.${kind}`),
      note: words.lineNote(kind),
      value: money(amountMinor),
    })),
    totalRow: { name: t('total'), value: money(facts.totalMinor) },
    taxRows: [
      { name: t('net'), value: money(facts.totalMinor - facts.taxMinor) },
      {
        name: t('tax', { percent: format.percent(facts.tariff.taxBasisPoints) }),
        value: money(facts.taxMinor),
      },
    ],
    sections: sectionsOf(view, words),
    check: {
      title: driver('paper.checkTitle'),
      sentences: [
        driver('paper.checkSentence', { address: `${address.host}${address.pathname}` }),
        driver('paper.checkSigned'),
      ],
      link: proof.link,
      code,
    },
    foot: driver('paper.foot', { session: facts.sessionId }),
    proof: proof.text,
  })
}

function sectionsOf(view: ReceiptView, words: PaperWords): readonly PaperSection[] {
  const { facts, releasedMinor, refundedMinor } = view
  const { receipt: t, driver, format } = words
  const money = (amountMinor: number): string => format.money(amountMinor, facts.currency)
  return [
    { title: t('meter'), rows: meterRows(facts, words) },
    {
      title: driver('paper.session'),
      rows: [
        { name: t('start'), value: format.timestamp(facts.startS) },
        { name: t('duration'), value: format.duration(facts.durationS) },
        { name: t('endedBy'), value: t(`stopReason.${facts.stopReason}`) },
      ],
    },
    {
      title: t('ids'),
      rows: [
        { name: t('operator'), value: facts.operatorName },
        { name: t('charger'), value: facts.chargerId },
        { name: t('number'), value: String(facts.receiptNumber) },
      ],
    },
    {
      title: driver('paper.payment'),
      rows: [
        { name: driver('paper.held'), value: money(facts.holdMinor) },
        { name: driver('paper.released'), value: money(releasedMinor) },
        ...(refundedMinor > 0 ? [{ name: driver('paper.refunded'), value: money(refundedMinor) }] : []),
      ],
    },
  ]
}

const meterRows = (facts: ReceiptFacts, { receipt: t, format }: PaperWords): PaperSection['rows'] => [
  { name: t('meterStart'), value: format.energyExact(facts.meterStartWh) },
  { name: t('meterStop'), value: format.energyExact(facts.meterStopWh) },
  { name: t('energy'), value: format.energyExact(facts.energyWh) },
]
