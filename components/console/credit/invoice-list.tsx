/** Invoices by month: to compare on a desk, one below the other on a phone. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import type { Invoice, InvoiceFile, InvoicesView } from './invoice-view'
import { monthStartS } from './months'

export interface InvoiceListProps extends Pick<InvoicesView, 'fetching' | 'mayExport'> {
  readonly invoices: readonly Invoice[]
  readonly empty: string
  onFile(invoiceNumber: string, file: InvoiceFile): void
}

export function InvoiceList(props: InvoiceListProps) {
  const t = useTranslations('consoleCredit.invoices')
  const format = useFormat()
  if (props.invoices.length === 0) return <p className="border-y border-line py-6 text-mute">{props.empty}</p>
  return (
    <>
      <div className="max-lg:hidden">
        <InvoiceTable {...props} />
      </div>
      <ul className="divide-y divide-line border-y border-line lg:hidden">
        {props.invoices.map((invoice) => (
          <li key={invoice.invoiceNumber} className="flex flex-col gap-3 py-4">
            <div className="flex items-start justify-between gap-4">
              <div>
                <p className="font-bold">{format.month(monthStartS(invoice.month))}</p>
                <p className="text-note text-mute tabular">{invoice.invoiceNumber}</p>
              </div>
              <div className="text-right tabular">
                <p className="font-bold">{format.money(invoice.grossMinor, invoice.currency)}</p>
                <p className="text-note text-mute">
                  {t('withTax', { tax: format.money(invoice.taxMinor, invoice.currency) })}
                </p>
              </div>
            </div>
            <div className="flex items-center justify-between gap-4">
              <p className="text-note text-mute tabular">{t('sessions', { count: invoice.sessions })}</p>
              <Files {...props} invoice={invoice} />
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function InvoiceTable(props: InvoiceListProps) {
  const t = useTranslations('consoleCredit.invoices')
  const format = useFormat()
  const money = (amountMinor: number, { currency }: Invoice): string => format.money(amountMinor, currency)
  const columns: readonly Column<Invoice>[] = [
    {
      id: 'month',
      head: t('column.month'),
      isRowHead: true,
      cell: (row) => <span className="whitespace-nowrap">{format.month(monthStartS(row.month))}</span>,
    },
    { id: 'number', head: t('column.number'), cell: (row) => row.invoiceNumber },
    { id: 'issued', head: t('column.issued'), cell: (row) => format.day(row.issuedAtS) },
    {
      id: 'sessions',
      head: t('column.sessions'),
      align: 'right',
      cell: (row) => format.count(row.sessions),
    },
    { id: 'net', head: t('column.net'), align: 'right', cell: (row) => money(row.netMinor, row) },
    { id: 'tax', head: t('column.tax'), align: 'right', cell: (row) => money(row.taxMinor, row) },
    {
      id: 'gross',
      head: t('column.gross'),
      align: 'right',
      cell: (row) => <span className="font-bold">{money(row.grossMinor, row)}</span>,
    },
    {
      id: 'files',
      head: t('column.files'),
      align: 'right',
      cell: (row) => <Files {...props} invoice={row} />,
    },
  ]
  return (
    <DataTable
      caption={t('byMonth')}
      columns={columns}
      rows={props.invoices}
      empty={props.empty}
      keyOf={({ invoiceNumber }) => invoiceNumber}
    />
  )
}

interface FilesProps extends Pick<InvoiceListProps, 'fetching' | 'mayExport' | 'onFile'> {
  readonly invoice: Invoice
}

function Files({ invoice: { invoiceNumber }, fetching, mayExport, onFile }: FilesProps) {
  const t = useTranslations('consoleCredit.invoices')
  const isBusy = (file: InvoiceFile): boolean =>
    fetching?.invoiceNumber === invoiceNumber &&
    fetching.file === file &&
    fetching.progress.kind === 'waiting'
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button
        busy={isBusy('pdf')}
        aria-label={t('pdfOf', { number: invoiceNumber })}
        onClick={() => onFile(invoiceNumber, 'pdf')}
      >
        {t('pdf')}
      </Button>
      <Button
        busy={isBusy('csv')}
        disabled={!mayExport}
        aria-label={t('csvOf', { number: invoiceNumber })}
        onClick={() => onFile(invoiceNumber, 'csv')}
      >
        {t('csv')}
      </Button>
    </div>
  )
}
