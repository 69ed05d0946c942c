/** The one announced change of price, in a sentence: from when on, and what then costs what. */

import { useTranslations } from 'use-intl'
import { changedLines, type TariffFigures } from '@/lib/format/tariff-lines'
import { useFormat } from '@/lib/format/use-format'

/** Nothing where none was announced. `hasPassed` for a receipt. */
export function PriceChangeLine({
  tariff,
  hasPassed = false,
}: {
  readonly tariff: TariffFigures
  readonly hasPassed?: boolean
}) {
  const t = useTranslations('kiosk.price')
  const format = useFormat()
  const { change, currency } = tariff
  const lines = changedLines(tariff)
  if (change === undefined || lines.length === 0) return null
  const rates = lines
    .map((line) => {
      // How long parking is free stands in the price above, and does not change.
      const unit = line.kind === 'idle' ? t('idleShort') : t(line.kind)
      return `${format.rate(line.rate, currency)} ${unit}`
    })
    .join(' · ')
  const words = { time: format.clock(change.atS), rates }
  return <>{hasPassed ? t('changed', words) : t('change', words)}</>
}
