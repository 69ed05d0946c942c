/** Where the fleet's money stands: what is at risk first and largest, then what is free and what is set aside. */

import { useTranslations } from 'use-intl/react'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import type { FleetFigures } from './fleet-view'

export function MoneyStrip({ figures }: { readonly figures: FleetFigures }) {
  const t = useTranslations('console.money')
  const format = useFormat()
  const { currency } = figures
  const money = (amountMinor: number): string => format.money(amountMinor, currency)
  return (
    <>
      <div className="grid gap-x-10 gap-y-6 border-y border-line py-6 md:grid-cols-[2fr_1fr_1fr]">
        <Figure
          label={t('atRisk')}
          value={money(figures.atRiskMinor)}
          note={
            <p className="text-body text-mute">
              {figures.openSessions === 0
                ? t('atRiskNone')
                : t('atRiskNote', { count: figures.openSessions })}
            </p>
          }
        />
        <SmallFigure name={t('free')} value={money(figures.freeMinor)} note={t('freeNote')} />
        <SmallFigure name={t('reserved')} value={money(figures.reservedMinor)} note={t('reservedNote')} />
      </div>
      {figures.owedMinor > 0 ? (
        <div className="mt-4">
          <Notice
            tone="bad"
            title={t('owed', { amount: money(figures.owedMinor) })}
            action={t('owedAction')}
          />
        </div>
      ) : null}
      {figures.openCases > 0 ? (
        <div className="mt-4">
          <Notice tone="bad" title={t('cases', { count: figures.openCases })} action={t('casesAction')} />
        </div>
      ) : null}
    </>
  )
}

function SmallFigure({
  name,
  value,
  note,
}: {
  readonly name: string
  readonly value: string
  readonly note: string
}) {
  return (
    <div className="md:border-l md:border-line md:pl-6">
      <p className="text-mute">{name}</p>
      <p className="text-title font-bold tabular">{value}</p>
      <p className="text-note text-mute">{note}</p>
    </div>
  )
}
