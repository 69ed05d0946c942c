/** Cases to compare on a desk, and to read one below the other on a phone. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../../data-table'
import { CaseStateMark } from './case-state-mark'
import { useCaseWords } from './case-words'
import { caseAddress, type CaseRow } from './cases-view'

export interface CaseRowsProps {
  readonly cases: readonly CaseRow[]
  readonly currency: string
  readonly nowS: number
}

export function CaseRows(props: CaseRowsProps) {
  const { cases, currency, nowS } = props
  const format = useFormat()
  return (
    <>
      <div className="max-lg:hidden">
        <CaseTable {...props} />
      </div>
      <ul className="divide-y divide-line border-y border-line lg:hidden">
        {cases.map((row) => (
          <li key={row.caseId} className="py-3">
            <div className="flex items-start justify-between gap-4">
              <What row={row} />
              <span className="shrink-0 text-right font-bold tabular">
                {pendingOf(row, format, currency)}
              </span>
            </div>
            <p className="mt-1 flex flex-wrap items-center gap-x-3 text-note">
              <CaseStateMark state={row.state} />
              <With row={row} />
              <span className="text-mute">{format.age(row.openedAtS, nowS)}</span>
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

const pendingOf = (
  { disputedMinor }: CaseRow,
  format: ReturnType<typeof useFormat>,
  currency: string,
): string => (disputedMinor === null ? '–' : format.money(disputedMinor, currency))

function What({ row }: { readonly row: CaseRow }) {
  const wordOf = useCaseWords()
  const { caseId, kind, chargerId, sessionId, serial } = row
  return (
    <span className="block min-w-0 [overflow-wrap:anywhere]">
      <a
        href={caseAddress(caseId)}
        className="inline-flex min-h-target items-center font-bold underline underline-offset-4"
      >
        {wordOf('kinds', kind)}
      </a>
      <span className="block text-note font-normal text-mute">
        {[chargerId, (sessionId ?? serial)?.slice(0, 8)]
          .filter((part) => typeof part === 'string')
          .join(' · ')}
      </span>
    </span>
  )
}

function With({ row: { takenBy, isMine } }: { readonly row: CaseRow }) {
  const t = useTranslations('consoleOperator.cases')
  if (takenBy === null) return <span className="text-mute">{t('nobody')}</span>
  return <span>{isMine ? t('you') : takenBy}</span>
}

function CaseTable({ cases, currency, nowS }: CaseRowsProps) {
  const t = useTranslations('consoleOperator.cases.column')
  const format = useFormat()
  const columns: readonly Column<CaseRow>[] = [
    { id: 'what', head: t('what'), isRowHead: true, cell: (row) => <What row={row} /> },
    { id: 'state', head: t('state'), cell: ({ state }) => <CaseStateMark state={state} /> },
    { id: 'with', head: t('with'), cell: (row) => <With row={row} /> },
    {
      id: 'pending',
      head: t('pending'),
      align: 'right',
      cell: (row) => <span className="font-bold tabular">{pendingOf(row, format, currency)}</span>,
    },
    {
      id: 'opened',
      head: t('opened'),
      align: 'right',
      cell: ({ openedAtS }) => <span className="tabular">{format.age(openedAtS, nowS)}</span>,
    },
  ]
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={cases}
      empty=""
      keyOf={({ caseId }) => caseId}
    />
  )
}
