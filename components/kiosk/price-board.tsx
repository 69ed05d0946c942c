/** What charging costs, in the order of AFIR Article 5(4): per kWh large, what else there is below it. */

import { useTranslations } from 'use-intl'
import { tariffLines, type TariffFigures, type TariffLine } from '@/lib/format/tariff-lines'
import { useFormat } from '@/lib/format/use-format'
import { PriceChangeLine } from './price-change-line'

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
  const rate = (line: TariffLine): string => format.rate(line.rate, tariff.currency)
  const tax = t('tax', { rate: format.percent(tariff.taxBasisPoints) })
  const others = rest.map((line) => `${rate(line)} ${unit(line)}`)
  if (size === 'line') {
    return (
      <p aria-label={t('label')} role="group">
        <strong className="text-title leading-[1.15] tabular">{rate(first)}</strong> {unit(first)}
        <span className="mt-1 block text-note leading-[1.25] text-mute">
          {[...others, tax].map((part, index, parts) => (
            <span key={part} className="mr-[0.3em] inline-block">
              {index < parts.length - 1 ? `${part}\u00a0·` : part}
            </span>
          ))}
        </span>
        <ChangeNote tariff={tariff} />
      </p>
    )
  }
  return (
    <div aria-label={t('label')} role="group">
      <p className="flex flex-wrap items-end gap-x-5">
        <span className="text-[length:var(--text-price)] leading-none font-bold tracking-[-0.03em] tabular">
          {rate(first)}
        </span>
        <span className="pb-2 leading-[1.15]">
          <span className="block text-title leading-[1.15]">{unit(first)}</span>
          <span className="block text-note text-mute">{tax}</span>
        </span>
      </p>
      {others.length === 0 ? null : (
        <ul className="mt-4 flex flex-wrap gap-x-8">
          {others.map((other) => (
            <li key={other}>{other}</li>
          ))}
        </ul>
      )}
      <ChangeNote tariff={tariff} />
    </div>
  )
}

function ChangeNote({ tariff }: { readonly tariff: TariffFigures }) {
  return tariff.change === undefined ? null : (
    <span className="mt-2 block text-note leading-[1.25] font-bold">
      <PriceChangeLine tariff={tariff} />
    </span>
  )
}
