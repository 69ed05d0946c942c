/** A price in its parts, in the order that the law asks for. */

import { useTranslations } from 'use-intl/react'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { tariffLines, type TariffFigures } from '@/lib/format/tariff-lines'
import { useFormat } from '@/lib/format/use-format'

export function PriceRows({ tariff }: { readonly tariff: TariffFigures }) {
  const t = useTranslations('driver.price')
  const format = useFormat()
  return (
    <DefinitionRows
      rows={tariffLines(tariff).map((line) => ({
        name: t(line.kind),
        value: <span className="font-bold">{format.rate(line.rate, tariff.currency)}</span>,
        ...(line.kind === 'idle' && line.graceMinutes > 0
          ? { note: t('idleGrace', { minutes: line.graceMinutes }) }
          : {}),
      }))}
    />
  )
}
