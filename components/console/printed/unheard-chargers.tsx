/** Chargers that would still take a void card, because the news has not come there. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import type { UnheardCharger } from './printed-view'

export interface UnheardChargersProps {
  readonly unheard: readonly UnheardCharger[]
  readonly nowS: number
}

export function UnheardChargers({ unheard, nowS }: UnheardChargersProps) {
  const t = useTranslations('consolePrinted.unheard')
  const format = useFormat()
  if (unheard.length === 0) return null
  const columns: readonly Column<UnheardCharger>[] = [
    {
      id: 'charger',
      head: t('charger'),
      isRowHead: true,
      cell: ({ siteLabel, bayLabel }) => `${siteLabel}, ${bayLabel}`,
    },
    { id: 'cards', head: t('cards'), align: 'right', cell: ({ cards }) => format.count(cards) },
    {
      id: 'touch',
      head: t('inTouch'),
      align: 'right',
      cell: ({ inTouchAtS }) => (inTouchAtS === null ? t('never') : format.moment(inTouchAtS, nowS)),
    },
  ]
  return (
    <div className="mt-8">
      <h3 className="mb-1 font-bold">{t('title')}</h3>
      <p className="mb-3 max-w-prose text-note text-mute">{t('lead')}</p>
      <DataTable
        caption={t('title')}
        columns={columns}
        rows={unheard}
        empty=""
        keyOf={({ chargerId }) => chargerId}
      />
    </div>
  )
}
