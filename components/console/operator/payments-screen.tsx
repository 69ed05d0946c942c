/** Bank transfers of fleets: a statement is brought in, most of it finds its fleet by itself, and somebody decides about the rest. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Choice } from '@/components/ui/choice'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { transferStates, type PaymentsActs, type PaymentsView } from './payments-view'
import { StatementImport } from './statement-import'
import { TransferDialogs } from './transfer-dialogs'
import { TransferRows } from './transfer-rows'

export interface PaymentsScreenProps {
  readonly view: PaymentsView
  readonly acts: PaymentsActs
}

export function PaymentsScreen({ view, acts }: PaymentsScreenProps) {
  const t = useTranslations('consoleOperator.payments')
  const console = useTranslations('console')
  const format = useFormat()
  const { list, state, nowS } = view
  return (
    <>
      <h1 className="mb-8 text-title">{t('title')}</h1>
      <div className="flex flex-col gap-4 not-empty:mb-6">
        {list.kind === 'there' && list.isStale ? (
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(list.asOfS, nowS) })}
          />
        ) : null}
        {view.refusal === null ? null : <RefusalNotice refusal={view.refusal} />}
      </div>
      <section aria-labelledby="statement" className="mb-12">
        <h2 id="statement" className="mb-3 text-title">
          {t('statement.title')}
        </h2>
        <StatementImport stage={view.stage} mayImport={view.mayDecide} onFile={acts.onFile} />
      </section>
      <section aria-labelledby="transfers">
        {list.kind === 'there' ? (
          <SectionHead id="transfers" title={t('transfers')} asOfS={list.asOfS} nowS={nowS} />
        ) : (
          <h2 id="transfers" className="mb-3 text-title">
            {t('transfers')}
          </h2>
        )}
        <Waiting list={list} />
        <div className="mb-4">
          <Choice
            legend={t('show')}
            options={transferStates.map((value) => ({ value, label: t(`states.${value}`) }))}
            value={state}
            onChange={acts.onState}
          />
        </div>
        <Listed view={view} acts={acts} />
      </section>
      <TransferDialogs view={view} acts={acts} />
    </>
  )
}

function Waiting({ list }: Pick<PaymentsView, 'list'>) {
  const t = useTranslations('consoleOperator.payments.waiting')
  const format = useFormat()
  if (list.kind !== 'there') return null
  const { count, amountMinor, currency } = list.waiting
  return (
    <p className="mb-4 text-lead">
      {count === 0 ? t('none') : t('some', { count, amount: format.money(amountMinor, currency) })}
    </p>
  )
}

function Listed({ view, acts }: PaymentsScreenProps) {
  const t = useTranslations('consoleOperator.payments')
  const { list } = view
  if (list.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('usual')} />
  if (list.kind === 'failed') return <RefusalNotice refusal={list.refusal} />
  return (
    <>
      <TransferRows transfers={list.transfers} view={view} acts={acts} />
      {list.hasMore ? (
        <Button kind="quiet" wide className="mt-2" onClick={acts.onMore}>
          {t('more')}
        </Button>
      ) : null}
      {view.mayDecide ? null : <p className="mt-3 text-note text-mute">{t('mayNot')}</p>}
    </>
  )
}
