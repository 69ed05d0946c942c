/** What charging costs, in the order of AFIR Article 5(4): per kWh large, what else there is below it. */

import { useTranslations } from 'use-intl'
import { tariffLines, type TariffFigures, type TariffLine } from '@/lib/format/tariff-lines'
import { useFormat } from '@/lib/format/use-format'

/** `figure` for the first screen, `line` where something else is the figure. */
export function PriceBoard({
  tariff,
  size,
}: {
  readonly tariff: TariffFigures
  readonly size: 'figure' | 'line'
}) {
  const t = useTranslations('kiosk.price')
  const format = useFormat()
  const unit = (line: TariffLine): string =>
    line.kind === 'idle' ? t('idle', { minutes: line.graceMinutes }) : t(line.kind)
  const [first, ...rest] = tariffLines(tariff)
  if (first === undefined) return null
  const others = [
    ...rest.map((line) => `${format.rate(line.rate, tariff.currency)} ${unit(line)}`),
    t('tax', { rate: format.percent(tariff.taxBasisPoints) }),
  ]
  if (size === 'line') {
    return (
      <p aria-label={t('label')}>
        <strong className="tabular">{format.rate(first.rate, tariff.currency)}</strong> {unit(first)}
        <span className="text-mute"> · {others.join(' · ')}</span>
      </p>
    )
  }
  return (
    <div aria-label={t('label')} role="group">
      <p className="flex flex-wrap items-baseline gap-x-5">
        <span className="text-[length:var(--text-price)] leading-none font-bold tracking-[-0.03em] tabular">
          {format.rate(first.rate, tariff.currency)}
        </span>
        <span className="text-title">{unit(first)}</span>
      </p>
      <ul className="mt-4 flex max-w-[calc(var(--u)*720)] flex-wrap gap-x-8 text-mute">
        {others.map((other) => (
          <li key={other}>{other}</li>
        ))}
      </ul>
    </div>
  )
}
