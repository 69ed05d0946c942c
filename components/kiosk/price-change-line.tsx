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
      const unit = line.kind === 'idle' ? t('idle', { minutes: line.graceMinutes }) : t(line.kind)
      return `${format.rate(line.rate, currency)} ${unit}`
    })
    .join(' · ')
  const words = { time: format.clock(change.atS), rates }
  return <>{hasPassed ? t('changed', words) : t('change', words)}</>
}
