/** Bank transfers to compare on a desk, and to read one below the other on a phone. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import { useBankDay } from './use-bank-day'
import type { PaymentsActs, PaymentsView, Transfer } from './payments-view'

export interface TransferRowsProps {
  readonly transfers: readonly Transfer[]
  readonly view: PaymentsView
  readonly acts: PaymentsActs
}

type RowProps = Omit<TransferRowsProps, 'transfers'> & { readonly transfer: Transfer }

export function TransferRows({ transfers, view, acts }: TransferRowsProps) {
  const t = useTranslations('consoleOperator.payments.row')
  const format = useFormat()
  if (transfers.length === 0)
    return <p className="border-y border-line py-6 text-mute">{t(`empty.${view.state}`)}</p>
  return (
    <>
      <div className="max-lg:hidden">
        <TransferTable transfers={transfers} view={view} acts={acts} />
      </div>
      <ul className="divide-y divide-line border-y border-line lg:hidden">
        {transfers.map((transfer) => (
          <li key={transfer.rowKey} className="py-3">
            <div className="flex items-start justify-between gap-4">
              <Whose transfer={transfer} />
              <span className="shrink-0 text-right tabular">
                <span className="block font-bold">
                  {format.money(transfer.amountMinor, transfer.currency)}
                </span>
                <BookedOn transfer={transfer} />
              </span>
            </div>
            <p className="mt-1 text-note">
              <Became transfer={transfer} />
            </p>
            <div className="-ml-3">
              <Acts transfer={transfer} view={view} acts={acts} />
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function Whose({ transfer: { counterparty, text } }: Pick<RowProps, 'transfer'>) {
  const t = useTranslations('consoleOperator.payments.row')
  return (
    <span className="block min-w-0 [overflow-wrap:anywhere]">
      <span className="block font-bold">{counterparty === '' ? t('nameless') : counterparty}</span>
      <span className="block text-note font-normal text-mute">{text === '' ? t('textless') : text}</span>
    </span>
  )
}

/** A date of the bank’s, in no time zone: the same day for whoever reads it. */
function BookedOn({ transfer: { bookedOn } }: Pick<RowProps, 'transfer'>) {
  const day = useBankDay()
  return (
    <time dateTime={bookedOn} className="whitespace-nowrap tabular">
      {day(bookedOn)}
    </time>
  )
}

function Became({ transfer: { state, reason, fleetName, fleetNumber } }: Pick<RowProps, 'transfer'>) {
  const t = useTranslations('consoleOperator.payments.row')
  if (state === 'posted')
    return (
      <span className="[overflow-wrap:anywhere]">
        {fleetName} <span className="text-mute">{t('number', { number: fleetNumber ?? 0 })}</span>
      </span>
    )
  return reason === null ? null : <span>{t(`reason.${reason}`)}</span>
}

function Acts({ transfer, view: { mayDecide }, acts }: RowProps) {
  const t = useTranslations('consoleOperator.payments.row')
  const format = useFormat()
  const { state, rowKey } = transfer
  const amount = format.money(transfer.amountMinor, transfer.currency)
  const who = transfer.counterparty === '' ? t('nameless') : transfer.counterparty
  if (state === 'posted') return null
  if (state === 'left')
    return (
      <Button
        kind="quiet"
        className="px-3! whitespace-nowrap"
        disabled={!mayDecide}
        aria-label={t('reopenOf', { amount, who })}
        onClick={() => acts.onReopen(rowKey)}
      >
        {t('reopen')}
      </Button>
    )
  const open = (kind: 'assign' | 'leave') => () =>
    acts.onOpen({ kind, transfer, progress: { kind: 'asking' } })
  return (
    <span className="inline-flex max-lg:flex-wrap">
      {(['assign', 'leave'] as const).map((kind) => (
        <Button
          key={kind}
          kind="quiet"
          className="px-3! whitespace-nowrap"
          disabled={!mayDecide}
          aria-label={t(`${kind}Of`, { amount, who })}
          onClick={open(kind)}
        >
          {t(kind)}
        </Button>
      ))}
    </span>
  )
}

function TransferTable({ transfers, view, acts }: TransferRowsProps) {
  const t = useTranslations('consoleOperator.payments.row')
  const format = useFormat()
  const columns: readonly Column<Transfer>[] = [
    { id: 'on', head: t('on'), cell: (transfer) => <BookedOn transfer={transfer} /> },
    { id: 'from', head: t('from'), isRowHead: true, cell: (transfer) => <Whose transfer={transfer} /> },
    {
      id: 'became',
      head: t(view.state === 'posted' ? 'fleet' : 'why'),
      cell: (transfer) => <Became transfer={transfer} />,
    },
    {
      id: 'amount',
      head: t('amount'),
      align: 'right',
      cell: ({ amountMinor, currency }) => (
        <span className="font-bold whitespace-nowrap tabular">{format.money(amountMinor, currency)}</span>
      ),
    },
    ...(view.state === 'posted'
      ? []
      : [
          {
            id: 'acts',
            head: t('acts'),
            align: 'right',
            cell: (transfer: Transfer) => <Acts transfer={transfer} view={view} acts={acts} />,
          } as const,
        ]),
  ]
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={transfers}
      empty=""
      keyOf={({ rowKey }) => rowKey}
    />
  )
}
