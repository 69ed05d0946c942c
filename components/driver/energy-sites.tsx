/** Where the energy came from: one line a site, as long as its share, with its figures beside it. */

import { useTranslations } from 'use-intl/react'
import { FigureTable } from '@/components/ui/figure-table'
import type { SiteFigures } from '@/lib/format/history/energy-months'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from './screen'

export function EnergySites({
  sites,
  currency,
}: {
  readonly sites: readonly SiteFigures[]
  readonly currency: string
}) {
  const t = useTranslations('driver.energy')
  const format = useFormat()
  const most = Math.max(1, ...sites.map(({ energyWh }) => energyWh))
  const rateOf = ({ rate }: SiteFigures): string => (rate === null ? '–' : format.rate(rate, currency))
  return (
    <section>
      <SectionHead>{t('plot.sites')}</SectionHead>
      <ul className="flex flex-col gap-3 border-t border-line pt-3">
        {sites.map((site, index) => (
          <li key={site.siteId}>
            <span className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="min-w-0">{site.siteLabel}</span>
              <span className="ml-auto font-bold tabular">{format.energy(site.energyWh)}</span>
            </span>
            <span
              aria-hidden="true"
              className={`mt-1 block h-2 rounded-[2px] ${index === 0 ? 'bg-amber' : 'bg-ink'}`}
              style={{ width: `${Math.max(1, (site.energyWh / most) * 100)}%` }}
            />
            <span className="mt-1 block text-note text-mute tabular">
              {t('siteNote', {
                money: format.money(site.costMinor, currency),
                rate: rateOf(site),
                count: site.count,
              })}
            </span>
          </li>
        ))}
      </ul>
      <FigureTable
        summary={t('table')}
        caption={t('plot.sites')}
        head={[t('site'), t('plot.energy'), t('plot.cost'), t('plot.rate')]}
        rows={sites.map((site) => [
          site.siteLabel,
          format.energy(site.energyWh),
          format.money(site.costMinor, currency),
          rateOf(site),
        ])}
      />
    </section>
  )
}
