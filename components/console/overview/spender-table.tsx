/** Who costs most this month. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import type { Dashboard } from './overview-view'
import { TileLink } from './risk-tiles'

type Spender = Dashboard['drivers'][number]

export interface SpenderTableProps {
  readonly of: 'drivers' | 'vehicles'
  readonly spenders: readonly Spender[]
  readonly currency: string
}

export function SpenderTable({ of, spenders, currency }: SpenderTableProps) {
  const t = useTranslations('consoleOverview.spenders')
  const format = useFormat()
  const nameOf = ({ name, id }: Spender): string => (name === '' ? id.slice(0, 8) : name)
  const columns: readonly Column<Spender>[] = [
    {
      id: 'name',
      head: t(of),
      isRowHead: true,
      cell: (spender) =>
        spender.tokenId === null ? (
          <span className="font-normal">{nameOf(spender)}</span>
        ) : (
          <TileLink href={`/fleet/tokens?token=${spender.tokenId}`} name={nameOf(spender)} />
        ),
    },
    { id: 'sessions', head: t('sessions'), align: 'right', cell: ({ sessions }) => format.count(sessions) },
    { id: 'energy', head: t('energy'), align: 'right', cell: ({ energyWh }) => format.energy(energyWh) },
    {
      id: 'rate',
      head: t('rate'),
      align: 'right',
      cell: ({ energyWh, costMinor }) =>
        energyWh === 0 ? '–' : format.money(Math.round((costMinor * 1_000) / energyWh), currency),
    },
    {
      id: 'cost',
      head: t('cost'),
      align: 'right',
      cell: ({ costMinor }) => format.money(costMinor, currency),
    },
  ]
  return (
    <DataTable
      caption={t(of === 'drivers' ? 'driversCaption' : 'vehiclesCaption')}
      columns={columns}
      rows={spenders}
      empty={t(of === 'drivers' ? 'driversEmpty' : 'vehiclesEmpty')}
      keyOf={({ id }) => id}
    />
  )
}
