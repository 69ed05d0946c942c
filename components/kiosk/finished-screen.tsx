/** The session is over: what it cost, how that came about, and the receipt to take along. */

import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { CodePanel } from './code-panel'
import { MainFigure } from './figure-block'
import type { FinishedView } from './kiosk-view'
import { PriceChangeLine } from './price-change-line'
import { Split } from './split'

export function FinishedScreen({ view, onDone }: { readonly view: FinishedView; onDone(): void }) {
  const t = useTranslations('kiosk')
  const format = useFormat()
  return (
    <Split
      subject="finished"
      stage={
        <div className="flex h-full flex-col justify-between gap-y-2">
          <div>
            <MainFigure name={t('finished.total')} value={format.money(view.totalMinor, view.currency)} />
            <p className="kiosk-lead mt-1 font-bold text-good">{releasedText(view, t, format)}</p>
          </div>
          <Lines view={view} />
          <div className="flex items-center gap-x-8">
            <p className="min-w-0 flex-1 text-note text-mute">
              {t(`stopReasons.${view.stopReason}`)}{' '}
              <span className="kiosk-spare whitespace-nowrap tabular">
                {t('finished.span', {
                  start: format.clock(view.startS),
                  duration: format.duration(view.durationS),
                })}
              </span>
              {view.priceChange === null ? null : (
                <span className="kiosk-spare block">
                  <PriceChangeLine tariff={view.priceChange.tariff} hasPassed />
                </span>
              )}
            </p>
            <Button onClick={onDone} className="min-w-[calc(var(--u)*180)]">
              {t('finished.done')}
            </Button>
          </div>
        </div>
      }
      side={<CodePanel code={view.receiptCode} caption={t('finished.caption')} note={t('finished.note')} />}
    />
  )
}

function releasedText(
  view: FinishedView,
  t: ReturnType<typeof useTranslations<'kiosk'>>,
  format: ReturnType<typeof useFormat>,
): string {
  if (view.totalMinor === 0) return t('finished.free')
  if (view.releasedMinor === 0) return t('finished.heldAll')
  return t('finished.released', { amount: format.money(view.releasedMinor, view.currency) })
}

/** Only what was charged for; the lines sum to the total. */
function Lines({ view }: { readonly view: FinishedView }) {
  const t = useTranslations('kiosk.finished')
  const format = useFormat()
  const money = (amountMinor: number): string => format.money(amountMinor, view.currency)
  const lines = [
    { name: `${t('energy')} · ${format.energyExact(view.energyWh)}`, value: view.energyMinor },
    { name: t('time'), value: view.timeMinor },
    { name: t('session'), value: view.sessionMinor },
    { name: t('idle'), value: view.idleMinor },
  ].filter((line, index) => index === 0 || line.value !== 0)
  return (
    <dl className="divide-y divide-line border-y border-line text-note tabular">
      {lines.map((line) => (
        <div key={line.name} className="flex justify-between gap-x-6 py-(--row)">
          <dt>{line.name}</dt>
          <dd>{money(line.value)}</dd>
        </div>
      ))}
      <div className="flex justify-between gap-x-6 py-(--row) text-mute">
        <dt>{t('tax', { rate: format.percent(view.taxBasisPoints) })}</dt>
        <dd>{money(view.taxMinor)}</dd>
      </div>
    </dl>
  )
}
