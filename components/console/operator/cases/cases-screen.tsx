/** Cases: what evidence does not agree about, the oldest first. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { SelectField } from '@/components/ui/select-field'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from '../../refusal-notice'
import { SectionHead } from '../../section-head'
import { CaseRows } from './case-rows'
import { caseFilters, type CasesActs, type CasesView } from './cases-view'

export interface CasesScreenProps {
  readonly view: CasesView
  readonly acts: CasesActs
}

export function CasesScreen({ view, acts }: CasesScreenProps) {
  const t = useTranslations('consoleOperator.cases')
  const console = useTranslations('console')
  const format = useFormat()
  const { list, filter, nowS } = view
  return (
    <>
      <h1 className="mb-8 text-title">{t('title')}</h1>
      {list.kind === 'there' && list.isStale ? (
        <div className="mb-6">
          <Notice
            tone="offline"
            title={console('stale.title')}
            action={console('stale.action', { when: format.moment(list.asOfS, nowS) })}
          />
        </div>
      ) : null}
      <section aria-labelledby="list">
        {list.kind === 'there' ? (
          <SectionHead id="list" title={t('list')} asOfS={list.asOfS} nowS={nowS} />
        ) : (
          <h2 id="list" className="mb-3 text-title">
            {t('list')}
          </h2>
        )}
        {list.kind === 'there' ? (
          <p className="mb-4 text-lead">
            {list.undecided === 0 ? t('noneUndecided') : t('undecided', { count: list.undecided })}
          </p>
        ) : null}
        <div className="mb-6 max-w-72">
          <SelectField
            label={t('filter')}
            value={filter}
            options={caseFilters.map((value) => ({
              value,
              label: t(value === '' ? 'allUndecided' : `states.${value}`),
            }))}
            onChange={(chosen) => acts.onFilter(caseFilters.find((one) => one === chosen) ?? '')}
          />
        </div>
        <Listed view={view} acts={acts} />
      </section>
    </>
  )
}

function Listed({ view, acts }: CasesScreenProps) {
  const t = useTranslations('consoleOperator.cases')
  const { list, filter, currency, nowS } = view
  if (list.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('usual')} />
  if (list.kind === 'failed') return <RefusalNotice refusal={list.refusal} />
  if (list.cases.length === 0)
    return (
      <p className="border-y border-line py-6 text-mute">{t(filter === '' ? 'empty' : 'emptyFiltered')}</p>
    )
  return (
    <>
      <CaseRows cases={list.cases} currency={currency} nowS={nowS} />
      {list.hasMore ? (
        <Button kind="quiet" wide className="mt-2" onClick={acts.onMore}>
          {t('more')}
        </Button>
      ) : null}
    </>
  )
}
