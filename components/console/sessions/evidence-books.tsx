/** What the session moved in the books, by the kinds of accounts. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import type { Evidence } from './sessions-view'

type Transfer = Evidence['transfers'][number] & { readonly key: string }

export interface EvidenceBooksProps {
  readonly transfers: Evidence['transfers']
  readonly currency: string
  readonly nowS: number
}

export function EvidenceBooks({ transfers, currency, nowS }: EvidenceBooksProps) {
  const t = useTranslations('consoleSessions.evidence')
  const format = useFormat()
  const kindOf = (kind: string): string =>
    t.has(`transfer.${kind}` as 'transfer.hold') ? t(`transfer.${kind}` as 'transfer.hold') : kind
  const accountOf = (name: string): string =>
    t.has(`account.${name}` as 'account.tax') ? t(`account.${name}` as 'account.tax') : name
  const columns: readonly Column<Transfer>[] = [
    {
      id: 'what',
      head: t('booksKind'),
      isRowHead: true,
      cell: ({ kind, isPending }) => (isPending ? t('pending', { kind: kindOf(kind) }) : kindOf(kind)),
    },
    { id: 'from', head: t('booksFrom'), cell: ({ from }) => accountOf(from) },
    { id: 'to', head: t('booksTo'), cell: ({ to }) => accountOf(to) },
    {
      id: 'amount',
      head: t('booksAmount'),
      align: 'right',
      cell: ({ amountMinor }) => format.money(amountMinor, currency),
    },
    { id: 'when', head: t('booksWhen'), align: 'right', cell: ({ atS }) => format.moment(atS, nowS) },
  ]
  return (
    <DataTable
      caption={t('booksCaption')}
      columns={columns}
      rows={transfers.map((transfer, index) => ({ ...transfer, key: String(index) }))}
      empty={t('booksNone')}
      keyOf={({ key }) => key}
    />
  )
}
