/** Drivers to compare on a desk, and to read one below the other on a phone. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import {
  sessionsAddress,
  tokensAddress,
  type Driver,
  type RosterActs,
  type RosterSubject,
  type RosterView,
} from './drivers-view'
import { RowActs } from './row-acts'

export interface DriverListProps extends Pick<RosterView, 'currency' | 'may'> {
  readonly drivers: readonly Driver[]
  readonly empty: string
  readonly acts: RosterActs
}

const subjectOf = ({ driverId, name }: Driver): RosterSubject => ({ kind: 'drivers', id: driverId, name })
export const rowLink = 'inline-flex whitespace-nowrap min-h-target items-center underline underline-offset-4'

export function DriverList(props: DriverListProps) {
  const { drivers, currency, empty } = props
  const t = useTranslations('consoleDrivers.row')
  const format = useFormat()
  if (drivers.length === 0) return <p className="border-y border-line py-6 text-mute">{empty}</p>
  return (
    <>
      <div className="max-lg:hidden">
        <DriverTable {...props} />
      </div>
      <ul className="divide-y divide-line border-y border-line lg:hidden">
        {drivers.map((driver) => (
          <li key={driver.driverId} className="py-3">
            <div className="flex items-start justify-between gap-4">
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <span className="block font-bold">{driver.name}</span>
                <span className="block text-note text-mute">
                  {[driver.reference, driver.email].filter((part) => part !== null).join(' · ')}
                </span>
                <Tokens driver={driver} />
              </span>
              <span className="shrink-0 text-right tabular">
                <span className="block font-bold">{format.money(driver.spentMonthMinor, currency)}</span>
                <span className="block text-note text-mute">{t('month')}</span>
              </span>
            </div>
            <div className="-ml-3">
              <Acts driver={driver} {...props} />
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function Acts({ driver, may, acts }: Pick<DriverListProps, 'may' | 'acts'> & { readonly driver: Driver }) {
  return (
    <RowActs
      subject={subjectOf(driver)}
      isRemoved={driver.removedAtS !== null}
      may={may}
      acts={acts}
      onChange={() => acts.onOpen({ kind: 'driver', driver, progress: { kind: 'asking' } })}
    />
  )
}

function Tokens({ driver }: { readonly driver: Driver }) {
  const t = useTranslations('consoleDrivers.row')
  const { tokens, name } = driver
  if (tokens === 0) return <span className="text-mute">{t('tokenCount', { count: 0 })}</span>
  return (
    <a
      href={tokensAddress(subjectOf(driver))}
      className={rowLink}
      aria-label={t('tokensOf', { name, count: tokens })}
    >
      {t('tokenCount', { count: tokens })}
    </a>
  )
}

function DriverTable(props: DriverListProps) {
  const { drivers, currency, empty } = props
  const t = useTranslations('consoleDrivers.row')
  const format = useFormat()
  const columns: readonly Column<Driver>[] = [
    {
      id: 'name',
      head: t('name'),
      isRowHead: true,
      cell: ({ name, email }) => (
        <>
          <span className="block font-bold [overflow-wrap:anywhere]">{name}</span>
          {email === null ? null : (
            <span className="block text-note font-normal text-mute [overflow-wrap:anywhere]">{email}</span>
          )}
        </>
      ),
    },
    { id: 'reference', head: t('reference'), cell: ({ reference }) => reference ?? '–' },
    { id: 'tokens', head: t('tokens'), align: 'right', cell: (driver) => <Tokens driver={driver} /> },
    {
      id: 'month',
      head: t('month'),
      align: 'right',
      cell: (driver) => (
        <a
          href={sessionsAddress(subjectOf(driver))}
          className={rowLink}
          aria-label={t('sessionsOf', {
            name: driver.name,
            amount: format.money(driver.spentMonthMinor, currency),
          })}
        >
          {format.money(driver.spentMonthMinor, currency)}
        </a>
      ),
    },
    {
      id: 'acts',
      head: t('acts'),
      align: 'right',
      cell: (driver) => <Acts driver={driver} {...props} />,
    },
  ]
  return (
    <DataTable
      caption={t('drivers')}
      columns={columns}
      rows={drivers}
      empty={empty}
      keyOf={({ driverId }) => driverId}
    />
  )
}
