/** The log of acts: who did what to whom, newest first. A line is never changed. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { SelectField } from '@/components/ui/select-field'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { DataTable } from '../data-table'
import { RefusalNotice } from '../refusal-notice'
import { SectionHead } from '../section-head'
import { actWords } from './act-words'
import type { AuditLine, PeopleActs, PeopleView, Shown } from './people-view'

export interface ActLogProps {
  readonly view: PeopleView
  readonly log: Shown<{ readonly lines: readonly AuditLine[]; readonly hasMore: boolean }>
  readonly acts: PeopleActs
}

export function ActLog({ view, log, acts }: ActLogProps) {
  const t = useTranslations('consolePeople.log')
  const { asOfS, nowS, topic, topics } = view
  return (
    <section aria-labelledby="log">
      <SectionHead id="log" title={t('title')} asOfS={asOfS} nowS={nowS}>
        <SelectField
          label={t('topic')}
          value={topic}
          options={topics.map((value) => ({
            value,
            label: t(value === '' ? 'topics.all' : `topics.${value}`),
          }))}
          onChange={(value) => acts.onTopic(topics.find((one) => one === value) ?? '')}
        />
      </SectionHead>
      {log.kind === 'loading' ? <Spinner awaited={t('loading')} /> : null}
      {log.kind === 'failed' ? <RefusalNotice refusal={log.refusal} /> : null}
      {log.kind === 'there' ? (
        <>
          <Lines lines={log.value.lines} nowS={nowS} />
          {log.value.hasMore ? (
            <Button kind="quiet" wide className="mt-2" onClick={acts.onOlder}>
              {t('older')}
            </Button>
          ) : null}
        </>
      ) : null}
    </section>
  )
}

function Lines({ lines, nowS }: { readonly lines: readonly AuditLine[]; readonly nowS: number }) {
  const t = useTranslations('consolePeople.log')
  const acts = useTranslations('consolePeople.acts')
  const format = useFormat()
  return (
    <DataTable<AuditLine>
      caption={t('title')}
      rows={lines}
      empty={t('empty')}
      keyOf={({ lineId }) => lineId}
      columns={[
        { id: 'when', head: t('when'), cell: ({ atS }) => format.moment(atS, nowS) },
        {
          id: 'who',
          head: t('who'),
          isRowHead: true,
          cell: ({ author, isProgram }) => (
            <span className="font-bold [overflow-wrap:anywhere]">
              {author}
              {isProgram ? <span className="font-normal text-mute"> · {t('program')}</span> : null}
            </span>
          ),
        },
        {
          id: 'what',
          head: t('what'),
          cell: ({ action }) => {
            const word = actWords[action]
            return word === undefined ? action : acts(word)
          },
        },
        {
          id: 'about',
          head: t('about'),
          cell: ({ subject, subjectName }) => (
            <span className="[overflow-wrap:anywhere]">{subjectName ?? subject}</span>
          ),
        },
      ]}
    />
  )
}
