/** The fleet's sessions with what is known of each: seen, settled, or looked at by people. */

import { useTranslations } from 'use-intl/react'
import { Choice } from '@/components/ui/choice'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from './data-table'
import { sessionFilters, type SessionFilter, type SessionRow } from './fleet-view'
import { SessionStateMark } from './state-marks'

export interface SessionTableProps {
  readonly sessions: readonly SessionRow[]
  readonly currency: string
  readonly nowS: number
  readonly filter: SessionFilter
}

export function SessionTable({ sessions, currency, nowS, filter }: SessionTableProps) {
  const t = useTranslations('console.sessions')
  const format = useFormat()
  const columns: readonly Column<SessionRow>[] = [
    {
      id: 'when',
      head: t('when'),
      isRowHead: true,
      cell: (row) => <span className="whitespace-nowrap">{format.moment(row.authorizedAtS, nowS)}</span>,
    },
    { id: 'driver', head: t('driver'), cell: (row) => row.driverName },
    {
      id: 'place',
      head: t('place'),
      cell: (row) =>
        row.siteLabel === null ? t('placeUnknown') : `${row.siteLabel} · ${row.bayLabel ?? ''}`,
    },
    {
      id: 'energy',
      head: t('energy'),
      align: 'right',
      cell: (row) => (row.energyWh === null ? '–' : format.energy(row.energyWh)),
    },
    { id: 'held', head: t('held'), align: 'right', cell: (row) => format.money(row.holdMinor, currency) },
    {
      id: 'charged',
      head: t('charged'),
      align: 'right',
      cell: (row) => (
        <span className="font-bold">
          {row.totalMinor === null ? '–' : format.money(row.totalMinor, currency)}
        </span>
      ),
    },
    { id: 'state', head: t('state'), cell: (row) => <SessionStateMark state={row.state} /> },
    {
      id: 'news',
      head: t('news'),
      align: 'right',
      cell: (row) => <span className="whitespace-nowrap">{format.age(row.updatedAtS, nowS)}</span>,
    },
  ]
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={sessions.filter(({ state }) => filter === 'all' || state === filter)}
      empty={t(filter === 'all' ? 'empty' : 'emptyFiltered')}
      keyOf={(row) => row.sessionId}
    />
  )
}

export function SessionFilterChoice({
  value,
  onChange,
}: {
  readonly value: SessionFilter
  onChange(filter: SessionFilter): void
}) {
  const t = useTranslations('console.sessions')
  const names = useTranslations('console.sessionState')
  return (
    <Choice
      legend={t('filter')}
      legendHidden
      value={value}
      onChange={onChange}
      options={sessionFilters.map((filter) => ({
        value: filter,
        label: <span className="text-note">{filter === 'all' ? t('all') : names(filter)}</span>,
      }))}
    />
  )
}
