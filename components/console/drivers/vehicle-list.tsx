/** Vehicles to compare on a desk, and to read one below the other on a phone. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import { rowLink } from './driver-list'
import {
  sessionsAddress,
  tokensAddress,
  type RosterActs,
  type RosterSubject,
  type RosterView,
  type Vehicle,
} from './drivers-view'
import { RowActs } from './row-acts'

export interface VehicleListProps extends Pick<RosterView, 'currency' | 'may'> {
  readonly vehicles: readonly Vehicle[]
  readonly empty: string
  readonly acts: RosterActs
}

const subjectOf = ({ vehicleId, plate }: Vehicle): RosterSubject => ({
  kind: 'vehicles',
  id: vehicleId,
  name: plate,
})

export function VehicleList(props: VehicleListProps) {
  const { vehicles, currency, empty } = props
  const t = useTranslations('consoleDrivers.row')
  const format = useFormat()
  const classOf = useVehicleClass()
  if (vehicles.length === 0) return <p className="border-y border-line py-6 text-mute">{empty}</p>
  return (
    <>
      <div className="max-lg:hidden">
        <VehicleTable {...props} />
      </div>
      <ul className="divide-y divide-line border-y border-line lg:hidden">
        {vehicles.map((vehicle) => (
          <li key={vehicle.vehicleId} className="py-3">
            <div className="flex items-start justify-between gap-4">
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <span className="block font-bold">{vehicle.plate}</span>
                <span className="block text-note text-mute">
                  {[vehicle.name, classOf(vehicle.class)].filter((part) => part !== null).join(' · ')}
                </span>
                <Tokens vehicle={vehicle} />
              </span>
              <span className="shrink-0 text-right tabular">
                <span className="block font-bold">{format.money(vehicle.spentMonthMinor, currency)}</span>
                <span className="block text-note text-mute">{t('cost')}</span>
              </span>
            </div>
            <div className="-ml-3">
              <Acts vehicle={vehicle} {...props} />
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function Acts({
  vehicle,
  may,
  acts,
}: Pick<VehicleListProps, 'may' | 'acts'> & { readonly vehicle: Vehicle }) {
  return (
    <RowActs
      subject={subjectOf(vehicle)}
      isRemoved={vehicle.removedAtS !== null}
      may={may}
      acts={acts}
      onChange={() => acts.onOpen({ kind: 'vehicle', vehicle, progress: { kind: 'asking' } })}
    />
  )
}

function Tokens({ vehicle }: { readonly vehicle: Vehicle }) {
  const t = useTranslations('consoleDrivers.row')
  const { tokens, plate } = vehicle
  if (tokens === 0) return <span className="text-mute">{t('tokenCount', { count: 0 })}</span>
  return (
    <a
      href={tokensAddress(subjectOf(vehicle))}
      className={rowLink}
      aria-label={t('tokensOf', { name: plate, count: tokens })}
    >
      {t('tokenCount', { count: tokens })}
    </a>
  )
}

function VehicleTable(props: VehicleListProps) {
  const { vehicles, currency, empty } = props
  const t = useTranslations('consoleDrivers.row')
  const format = useFormat()
  const classOf = useVehicleClass()
  const columns: readonly Column<Vehicle>[] = [
    {
      id: 'plate',
      head: t('plate'),
      isRowHead: true,
      cell: ({ plate }) => <span className="font-bold whitespace-nowrap">{plate}</span>,
    },
    {
      id: 'name',
      head: t('called'),
      cell: ({ name }) => <span className="[overflow-wrap:anywhere]">{name ?? '–'}</span>,
    },
    { id: 'class', head: t('class'), cell: (vehicle) => classOf(vehicle.class) },
    { id: 'tokens', head: t('tokens'), align: 'right', cell: (vehicle) => <Tokens vehicle={vehicle} /> },
    {
      id: 'cost',
      head: t('cost'),
      align: 'right',
      cell: (vehicle) => (
        <a
          href={sessionsAddress(subjectOf(vehicle))}
          className={rowLink}
          aria-label={t('sessionsOf', {
            name: vehicle.plate,
            amount: format.money(vehicle.spentMonthMinor, currency),
          })}
        >
          {format.money(vehicle.spentMonthMinor, currency)}
        </a>
      ),
    },
    {
      id: 'acts',
      head: t('acts'),
      align: 'right',
      cell: (vehicle) => <Acts vehicle={vehicle} {...props} />,
    },
  ]
  return (
    <DataTable
      caption={t('vehicles')}
      columns={columns}
      rows={vehicles}
      empty={empty}
      keyOf={({ vehicleId }) => vehicleId}
    />
  )
}

export function useVehicleClass(): (index: number) => string {
  const t = useTranslations('consoleDrivers')
  return (index) => (index === 0 ? t('classUsual') : t('classOf', { index }))
}
