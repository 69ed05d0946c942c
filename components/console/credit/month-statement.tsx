/** One month, from its opening balance by its lines to its closing balance. */

import { useTranslations } from 'use-intl/react'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { SelectField } from '@/components/ui/select-field'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import type { CreditStatement, CreditView } from './credit-view'
import { monthsUntil, monthStartS } from './months'

export interface MonthStatementProps {
  readonly view: CreditView
  onMonth(month: string): void
}

export function MonthStatement({ view, onMonth }: MonthStatementProps) {
  const t = useTranslations('consoleCredit')
  const format = useFormat()
  const { statement, month, nowS } = view
  const first = statement.kind === 'there' ? statement.statement.firstMonth : month
  return (
    <section aria-labelledby="statement">
      <SectionHead
        id="statement"
        title={t('statement.title')}
        asOfS={statement.kind === 'there' ? statement.asOfS : view.asOfS}
        nowS={nowS}
      >
        <SelectField
          label={t('statement.month')}
          value={month}
          onChange={onMonth}
          options={monthsUntil(nowS, first, month).map((value) => ({
            value,
            label: format.month(monthStartS(value)),
          }))}
        />
      </SectionHead>
      {statement.kind === 'loading' ? <Spinner awaited={t('loading')} usual={t('usual')} /> : null}
      {statement.kind === 'failed' ? <RefusalNotice refusal={statement.refusal} /> : null}
      {statement.kind === 'there' ? <Lines statement={statement.statement} /> : null}
    </section>
  )
}

function Lines({ statement }: { readonly statement: CreditStatement }) {
  const t = useTranslations('consoleCredit.statement')
  const format = useFormat()
  const { lines, currency, setAsideMinor, releasedMinor } = statement
  const money = (amountMinor: number): string => format.money(amountMinor, currency)
  const signed = (amountMinor: number): string =>
    amountMinor > 0 ? `+${money(amountMinor)}` : money(amountMinor)
  return (
    <>
      <DefinitionRows
        rows={[
          { name: t('opening'), note: t('what'), value: money(statement.openingMinor) },
          ...lines.map(({ line, amountMinor, transfers }) => ({
            name: t(`lines.${line}`),
            note: t('count', { count: transfers }),
            value: signed(amountMinor),
          })),
          {
            name: statement.isOpen ? t('closingOpen') : t('closing'),
            value: money(statement.closingMinor),
            strong: true,
          },
        ]}
      />
      <div className="mt-3 flex flex-col gap-1 text-note text-mute">
        {lines.length === 0 ? <p>{t('nothing')}</p> : null}
        {setAsideMinor > 0 || releasedMinor > 0 ? (
          <p>{t('inside', { aside: money(setAsideMinor), released: money(releasedMinor) })}</p>
        ) : null}
        {statement.isOpen ? <p>{t('open')}</p> : null}
        <p>{t('utc')}</p>
      </div>
    </>
  )
}
