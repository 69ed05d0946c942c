/** What the receipt says, and each check in words. */

import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { DefinitionRows, type DefinitionRow } from '@/components/ui/definition-rows'
import { Figure } from '@/components/ui/figure'
import { useFormat } from '@/lib/format/use-format'
import type { CheckedReceipt, ReceiptCheck, ReceiptFacts } from './verify-view'

function SectionHead({ children }: { readonly children: ReactNode }) {
  return <h2 className="flex min-h-8 items-center font-bold">{children}</h2>
}

/** A refused receipt only claims its figures: they stand in mute ink under that word. */
export function ReceiptAmounts({ view: { verdict, facts } }: { readonly view: CheckedReceipt }) {
  const t = useTranslations('verify')
  const format = useFormat()
  const money = (amountMinor: number): string => format.money(amountMinor, facts.currency)
  const priceNote = usePriceNote(facts)
  const isClaim = verdict === 'refused'
  const rows: DefinitionRow[] = [
    ...facts.lines.map(({ kind, amountMinor }) => ({
      name: t(`line.${kind}`),
      value: money(amountMinor),
      ...priceNote(kind),
    })),
    { name: t('total'), value: money(facts.totalMinor), strong: true },
    {
      name: t('tax', { percent: format.percent(facts.tariff.taxBasisPoints) }),
      value: money(facts.taxMinor),
    },
  ]
  return (
    <section className={isClaim ? 'text-mute' : ''}>
      {isClaim ? <SectionHead>{t('claims')}</SectionHead> : null}
      <div className="mb-4">
        <Figure
          label={`${facts.siteLabel} · ${facts.bayLabel}`}
          value={money(facts.totalMinor)}
          note={
            <p className="text-body tabular">
              {format.energyExact(facts.energyWh)} · {format.timestamp(facts.startS)}
            </p>
          }
        />
      </div>
      <DefinitionRows rows={rows} />
    </section>
  )
}

type LineKind = ReceiptFacts['lines'][number]['kind']

function usePriceNote({ tariff }: ReceiptFacts): (kind: LineKind) => { readonly note?: string } {
  const t = useTranslations('verify')
  const format = useFormat()
  const rate = (value: number): string => format.rate(value, tariff.currency)
  return (kind) => {
    switch (kind) {
      case 'energy':
        return { note: t('price', { rate: rate(tariff.energyPerKwh) }) }
      case 'time':
        return { note: t('priceTime', { rate: rate(tariff.timePerMinute) }) }
      case 'idle':
        return {
          note: t('priceIdle', { rate: rate(tariff.idlePerMinute), minutes: tariff.idleGraceMinutes }),
        }
      case 'session':
        return {}
    }
  }
}

const looks = {
  passed: { Icon: CircleCheck, ink: 'text-good' },
  failed: { Icon: CircleAlert, ink: 'text-bad' },
  open: { Icon: CircleHelp, ink: 'text-offline' },
} as const

export function CheckList({ view }: { readonly view: CheckedReceipt }) {
  const t = useTranslations('verify')
  const format = useFormat()
  return (
    <section>
      <SectionHead>{t('checks')}</SectionHead>
      <ul className="divide-y divide-line border-y border-line">
        {view.checks.map((check) => (
          <CheckLine key={check.name} check={check} facts={view.facts} />
        ))}
      </ul>
      <p className="mt-3 text-note text-mute">
        {t('consent')}
        {view.keysAsOfS === null ? null : (
          <span className="block">{t('trust.asOf', { when: format.timestamp(view.keysAsOfS) })}</span>
        )}
      </p>
    </section>
  )
}

function CheckLine({ check, facts }: { readonly check: ReceiptCheck; readonly facts: ReceiptFacts }) {
  const { Icon, ink } = looks[check.outcome]
  const text = useCheckText(check, facts)
  return (
    <li className={`flex gap-3 py-2.5 ${check.outcome === 'failed' ? 'font-bold' : ''}`}>
      <Icon className={`mt-0.5 size-icon shrink-0 ${ink}`} strokeWidth={1.75} aria-hidden="true" />
      <span className="min-w-0">{text}</span>
    </li>
  )
}

/** Each check has words for the outcomes that it can have; the type checker sees only that each has some. */
function useCheckText({ name, outcome }: ReceiptCheck, facts: ReceiptFacts): string {
  const t = useTranslations('verify.checked')
  const format = useFormat()
  const { recomputedMinor, currency } = facts
  const word = name === 'amount' && recomputedMinor === null ? 'none' : outcome
  return t(`${name}.${word}` as 'hold.passed', {
    hold: format.money(facts.holdMinor, currency),
    amount: recomputedMinor === null ? '' : format.money(recomputedMinor, currency),
    operator: facts.operatorName,
  })
}

export function ReceiptOrigin({ facts }: { readonly facts: ReceiptFacts }) {
  const t = useTranslations('verify')
  const format = useFormat()
  return (
    <>
      <section>
        <SectionHead>{t('meter')}</SectionHead>
        <DefinitionRows
          rows={[
            { name: t('meterStart'), value: format.energyExact(facts.meterStartWh) },
            { name: t('meterStop'), value: format.energyExact(facts.meterStopWh) },
            { name: t('energy'), value: format.energyExact(facts.energyWh) },
            { name: t('start'), value: format.timestamp(facts.startS) },
            { name: t('duration'), value: format.duration(facts.durationS) },
          ]}
        />
      </section>
      <section>
        <SectionHead>{t('ids')}</SectionHead>
        <DefinitionRows
          rows={[
            { name: t('operator'), value: facts.operatorName },
            { name: t('place'), value: `${facts.siteLabel} · ${facts.bayLabel}` },
            { name: t('charger'), value: facts.chargerId },
            { name: t('number'), value: facts.receiptNumber },
            { name: t('session'), value: facts.sessionId, breakAll: true },
          ]}
        />
      </section>
    </>
  )
}
