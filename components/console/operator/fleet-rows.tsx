/** Fleets to compare on a desk, and to read one below the other on a phone. */

import Snowflake from 'lucide-react/icons/snowflake'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Pill } from '@/components/ui/pill'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import type { Fleet, FleetDialog, FleetsActs, FleetsView } from './fleets-view'

export interface FleetRowsProps {
  readonly fleets: readonly Fleet[]
  readonly view: FleetsView
  readonly acts: FleetsActs
}

type RowProps = Omit<FleetRowsProps, 'fleets'> & { readonly fleet: Fleet }

export function FleetRows({ fleets, view, acts }: FleetRowsProps) {
  const t = useTranslations('consoleOperator.fleets.row')
  const format = useFormat()
  const { search, state } = view.filter
  if (fleets.length === 0) {
    const empty = search === '' && state === '' ? 'empty' : 'emptyFiltered'
    return <p className="border-y border-line py-6 text-mute">{t(empty)}</p>
  }
  return (
    <>
      <div className="max-lg:hidden">
        <FleetTable fleets={fleets} view={view} acts={acts} />
      </div>
      <ul className="divide-y divide-line border-y border-line lg:hidden">
        {fleets.map((fleet) => (
          <li key={fleet.fleetId} className="py-3">
            <div className="flex items-start justify-between gap-4">
              <Name fleet={fleet} />
              <span className="shrink-0 text-right tabular">
                <span className="block font-bold">{format.money(fleet.heldMinor, view.currency)}</span>
                <span className="block text-note text-mute">{t('held')}</span>
              </span>
            </div>
            <Figures fleet={fleet} view={view} />
            <div className="-ml-3">
              <Acts fleet={fleet} view={view} acts={acts} />
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function Name({ fleet: { name, fleetNumber, frozenAtS, frozenBecause } }: { readonly fleet: Fleet }) {
  const t = useTranslations('consoleOperator.fleets.row')
  return (
    <span className="block min-w-0 [overflow-wrap:anywhere]">
      <span className="block font-bold">{name}</span>
      <span className="block text-note font-normal text-mute">{t('number', { number: fleetNumber })}</span>
      {frozenAtS === null ? null : (
        <span className="block font-normal">
          <Pill bare tone="bad" icon={<Snowflake strokeWidth={1.75} aria-hidden="true" />}>
            {t('isFrozen')}
          </Pill>
          <span className="block text-note text-mute">{frozenBecause}</span>
        </span>
      )}
    </span>
  )
}

function Held({ fleet, view: { currency, nowS } }: Omit<RowProps, 'acts'>) {
  const t = useTranslations('consoleOperator.fleets.row')
  const format = useFormat()
  const { heldMinor, openSessions, oldestAtS } = fleet
  return (
    <span className="block shrink-0 text-right tabular">
      <span className="block font-bold">{format.money(heldMinor, currency)}</span>
      <span className="block text-note text-mute">
        {oldestAtS === null
          ? t('heldNone')
          : t('heldNote', { count: openSessions, age: format.age(oldestAtS, nowS) })}
      </span>
    </span>
  )
}

/** On a phone: what the columns of the table say, in words. */
function Figures({ fleet, view: { currency, nowS } }: Omit<RowProps, 'acts'>) {
  const t = useTranslations('consoleOperator.fleets.row')
  const format = useFormat()
  const money = (amountMinor: number): string => format.money(amountMinor, currency)
  const { freeMinor, limitMinor, drawnMinor, owedMinor, openSessions, oldestAtS } = fleet
  const lines = [
    ...(oldestAtS === null ? [] : [t('heldIs', { count: openSessions, age: format.age(oldestAtS, nowS) })]),
    t('freeIs', { free: money(freeMinor) }),
    ...(limitMinor === 0 && drawnMinor === 0
      ? []
      : [t('lineIs', { drawn: money(drawnMinor), limit: money(limitMinor) })]),
    ...(owedMinor === 0 ? [] : [t('owedIs', { owed: money(owedMinor) })]),
  ]
  return <p className="mt-1 text-note tabular">{lines.join(' · ')}</p>
}

function Acts({ fleet, view: { may }, acts }: RowProps) {
  const t = useTranslations('consoleOperator.fleets.row')
  const { name, frozenAtS } = fleet
  const open = (kind: Exclude<FleetDialog['kind'], 'none'>) => () =>
    acts.onOpen({ kind, fleet, progress: { kind: 'asking' } })
  const freezing = frozenAtS === null ? 'freeze' : 'thaw'
  return (
    <span className="inline-flex max-lg:flex-wrap">
      <Button
        kind="quiet"
        className="px-3! whitespace-nowrap"
        disabled={!may.creditLine}
        aria-label={t('lineOf', { name })}
        onClick={open('line')}
      >
        {t('line')}
      </Button>
      <Button
        kind="quiet"
        className="px-3! whitespace-nowrap"
        disabled={!may.freeze}
        aria-label={t(`${freezing}Of`, { name })}
        onClick={open(freezing)}
      >
        {t(freezing)}
      </Button>
    </span>
  )
}

function FleetTable({ fleets, view, acts }: FleetRowsProps) {
  const t = useTranslations('consoleOperator.fleets.row')
  const format = useFormat()
  const { currency } = view
  const money = (amountMinor: number): string => format.money(amountMinor, currency)
  const columns: readonly Column<Fleet>[] = [
    { id: 'name', head: t('name'), isRowHead: true, cell: (fleet) => <Name fleet={fleet} /> },
    { id: 'held', head: t('held'), align: 'right', cell: (fleet) => <Held fleet={fleet} view={view} /> },
    {
      id: 'free',
      head: t('free'),
      align: 'right',
      cell: ({ freeMinor }) => <span className="tabular">{money(freeMinor)}</span>,
    },
    {
      id: 'line',
      head: t('creditLine'),
      align: 'right',
      cell: ({ limitMinor, drawnMinor }) =>
        limitMinor === 0 && drawnMinor === 0 ? (
          <span className="text-mute">{t('noLine')}</span>
        ) : (
          <span className="tabular">
            <span className="block">{money(limitMinor)}</span>
            <span className="block text-note text-mute">{t('drawn', { drawn: money(drawnMinor) })}</span>
          </span>
        ),
    },
    {
      id: 'owed',
      head: t('owed'),
      align: 'right',
      cell: ({ owedMinor }) => (
        <span className={owedMinor > 0 ? 'font-bold text-bad tabular' : 'text-mute tabular'}>
          {money(owedMinor)}
        </span>
      ),
    },
    {
      id: 'acts',
      head: t('acts'),
      align: 'right',
      cell: (fleet) => <Acts fleet={fleet} view={view} acts={acts} />,
    },
  ]
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={fleets}
      empty=""
      keyOf={({ fleetId }) => fleetId}
    />
  )
}
