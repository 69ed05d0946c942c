/** Batches of printed cards: how many, what they are worth, how much of it is gone. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import { BudgetBar } from '../tokens/budget-bar'
import type { Batch } from './printed-view'

export interface BatchTableProps {
  readonly batches: readonly Batch[]
  readonly currency: string
  readonly nowS: number
  onOpen(batchId: string): void
}

export function BatchTable({ batches, currency, nowS, onOpen }: BatchTableProps) {
  const t = useTranslations('consolePrinted')
  const format = useFormat()
  const columns: readonly Column<Batch>[] = [
    {
      id: 'name',
      head: t('batch'),
      isRowHead: true,
      cell: ({ batchId, name }) => (
        <a
          href={`/fleet/cards?kind=printed&batch=${batchId}`}
          aria-label={t('open', { name })}
          className="inline-flex min-h-target items-center font-bold underline [overflow-wrap:anywhere]"
          onClick={(event) => {
            // A new tab is the browser's own affair.
            if (event.metaKey || event.ctrlKey || event.shiftKey) return
            event.preventDefault()
            onOpen(batchId)
          }}
        >
          {name}
        </a>
      ),
    },
    {
      id: 'count',
      head: t('count'),
      cell: ({ count, capMinor }) => t('countOf', { count, amount: format.moneyShort(capMinor, currency) }),
    },
    {
      id: 'spent',
      head: t('spent'),
      align: 'right',
      cell: ({ spentMinor, worthMinor }) => (
        <BudgetBar usedMinor={spentMinor} ofMinor={worthMinor} currency={currency} />
      ),
    },
    {
      id: 'void',
      head: t('void'),
      align: 'right',
      cell: ({ voidCount }) => (voidCount === 0 ? '–' : format.count(voidCount)),
    },
    {
      id: 'issued',
      head: t('issued'),
      align: 'right',
      cell: ({ issuedAtS }) => format.moment(issuedAtS, nowS),
    },
    {
      id: 'until',
      head: t('until'),
      align: 'right',
      cell: ({ notAfterS }) => format.day(notAfterS),
    },
  ]
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={batches}
      empty={t('empty')}
      keyOf={({ batchId }) => batchId}
    />
  )
}
