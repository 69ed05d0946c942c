/** Sessions to compare on a desk, and to read one below the other on a phone. */

import type { MouseEvent, ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import { SessionStateMark } from './session-state-mark'
import { sessionAddress, type Session } from './sessions-view'

export interface SessionListProps {
  readonly sessions: readonly Session[]
  readonly nowS: number
  readonly empty: string
  onOpen(sessionId: string): void
}

export function SessionList(props: SessionListProps) {
  const { sessions, nowS, empty, onOpen } = props
  const t = useTranslations('consoleSessions')
  const format = useFormat()
  const nameOf = useDriverName()
  if (sessions.length === 0) return <p className="border-y border-line py-6 text-mute">{empty}</p>
  return (
    <>
      <div className="max-lg:hidden">
        <SessionTable {...props} />
      </div>
      <ul className="divide-y divide-line border-y border-line lg:hidden">
        {sessions.map((row) => (
          <li key={row.sessionId}>
            <SessionLink
              row={row}
              onOpen={onOpen}
              label={t('open', { name: nameOf(row), when: format.moment(row.authorizedAtS, nowS) })}
              className="flex min-h-target items-start justify-between gap-4 py-3"
            >
              <span className="min-w-0">
                <span className="block font-bold [overflow-wrap:anywhere]">{nameOf(row)}</span>
                <span className="block text-note text-mute">
                  {format.moment(row.authorizedAtS, nowS)}
                  {row.siteLabel === null ? '' : ` · ${row.siteLabel}`}
                  {row.vehicle === null ? '' : ` · ${row.vehicle.plate}`}
                </span>
                <SessionStateMark state={row.state} />
              </span>
              <span className="shrink-0 text-right tabular">
                <span className="block font-bold">
                  {row.totalMinor === null ? '–' : format.money(row.totalMinor, row.currency)}
                </span>
                <span className="block text-note text-mute">
                  {row.energyWh === null ? '–' : format.energy(row.energyWh)}
                </span>
              </span>
            </SessionLink>
          </li>
        ))}
      </ul>
    </>
  )
}

function SessionTable({ sessions, nowS, empty, onOpen }: SessionListProps) {
  const t = useTranslations('consoleSessions')
  const format = useFormat()
  const nameOf = useDriverName()
  const column = useTranslations('consoleSessions.column')
  const columns: readonly Column<Session>[] = [
    {
      id: 'when',
      head: column('when'),
      isRowHead: true,
      cell: (row) => (
        <SessionLink
          row={row}
          onOpen={onOpen}
          label={t('open', { name: nameOf(row), when: format.moment(row.authorizedAtS, nowS) })}
          className="inline-flex min-h-target items-center whitespace-nowrap underline underline-offset-4"
        >
          {format.moment(row.authorizedAtS, nowS)}
        </SessionLink>
      ),
    },
    {
      id: 'driver',
      head: column('driver'),
      cell: (row) => (
        <>
          {nameOf(row)}
          {row.vehicle === null ? null : (
            <span className="block text-note whitespace-nowrap text-mute">{row.vehicle.plate}</span>
          )}
        </>
      ),
    },
    {
      id: 'place',
      head: column('place'),
      cell: (row) =>
        row.siteLabel === null ? t('placeUnknown') : `${row.siteLabel} · ${row.bayLabel ?? ''}`,
    },
    {
      id: 'energy',
      head: column('energy'),
      align: 'right',
      cell: (row) => (row.energyWh === null ? '–' : format.energy(row.energyWh)),
    },
    {
      id: 'held',
      head: column('held'),
      align: 'right',
      cell: (row) => format.money(row.holdMinor, row.currency),
    },
    {
      id: 'charged',
      head: column('charged'),
      align: 'right',
      cell: (row) => (
        <span className="font-bold">
          {row.totalMinor === null ? '–' : format.money(row.totalMinor, row.currency)}
        </span>
      ),
    },
    { id: 'state', head: column('state'), cell: (row) => <SessionStateMark state={row.state} /> },
    {
      id: 'news',
      head: column('news'),
      align: 'right',
      cell: (row) => <span className="whitespace-nowrap">{format.age(row.updatedAtS, nowS)}</span>,
    },
  ]
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={sessions}
      empty={empty}
      keyOf={(row) => row.sessionId}
    />
  )
}

/** A link, so that it can be opened beside the list; an ordinary press stays within the page. */
function SessionLink({
  row,
  label,
  className,
  children,
  onOpen,
}: {
  readonly row: Session
  readonly label: string
  readonly className: string
  readonly children: ReactNode
  onOpen(sessionId: string): void
}) {
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    onOpen(row.sessionId)
  }
  return (
    <a href={sessionAddress(row.sessionId)} aria-label={label} onClick={follow} className={className}>
      {children}
    </a>
  )
}

/** A card has a label, a token its driver or at least a name; what was issued long ago may have neither. */
export function useDriverName(): (row: Pick<Session, 'driver' | 'driverName' | 'isCard'>) => string {
  const t = useTranslations('consoleSessions')
  return ({ driver, driverName, isCard }) => {
    if (driver !== null) return driver.name
    if (driverName === '') return t('driverUnknown')
    return isCard ? `${t('card')}: ${driverName}` : driverName
  }
}
