/** What a receipt is made up of: each line with its price, the total, and the tax in it. */

import { useTranslations } from 'use-intl/react'
import { DefinitionRows, type DefinitionRow } from '@/components/ui/definition-rows'
import { useFormat } from '@/lib/format/use-format'
import type { ReceiptFacts, ReceiptLine } from './receipt-facts'

export function ReceiptLines({ facts }: { readonly facts: ReceiptFacts }) {
  const t = useTranslations('receipt')
  const format = useFormat()
  const priceNote = useLineNote(facts)
  const money = (amountMinor: number): string => format.money(amountMinor, facts.currency)
  const rows: readonly DefinitionRow[] = [
    ...facts.lines.map(({ kind, amountMinor }) => ({
      name: t(`line.${kind}`),
      note: priceNote(kind),
      value: money(amountMinor),
    })),
    { name: t('total'), value: money(facts.totalMinor), strong: true },
    {
      name: t('tax', { percent: format.percent(facts.tariff.taxBasisPoints) }),
      value: money(facts.taxMinor),
    },
  ]
  return <DefinitionRows rows={rows} />
}

/** The price behind a line. */
export function useLineNote({ tariff }: Pick<ReceiptFacts, 'tariff'>): (kind: ReceiptLine['kind']) => string {
  const t = useTranslations('receipt')
  const format = useFormat()
  const rate = (value: number): string => format.rate(value, tariff.currency)
  return (kind) => {
    switch (kind) {
      case 'energy':
        return t('price', { rate: rate(tariff.energyPerKwh) })
      case 'time':
        return t('priceTime', { rate: rate(tariff.timePerMinute) })
      case 'session':
        return t('perSession', { rate: rate(tariff.perSession) })
      case 'idle':
        return t('priceIdle', { rate: rate(tariff.idlePerMinute), minutes: tariff.idleGraceMinutes })
    }
  }
}
