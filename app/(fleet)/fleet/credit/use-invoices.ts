'use client'

/** Invoices of the fleet: the list with its older pages, the files, and whom they are addressed to. */

import { useState } from 'react'
import type {
  BillingAddress,
  InvoiceActs,
  InvoiceFile,
  InvoicesView,
} from '@/components/console/credit/invoice-view'
import type { listInvoices, readBillingAddress } from '@/lib/cloud/operations/invoices'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import { saveFile } from '../../../(driver)/_wallet/save-file'
import { ask, askFile } from '../../../_console/ask'
import { useConsole } from '../../../_console/console-context'
import { useAct } from '../../../_console/use-act'
import { useAnswer } from '../../../_console/use-answer'

type Page = AnswerOf<typeof listInvoices>
type Address = AnswerOf<typeof readBillingAddress>

const askEveryMs = 60_000

export function useInvoices(): { readonly view: InvoicesView; readonly acts: InvoiceActs } {
  const { may } = useConsole()
  const list = useAnswer<Page>('/fleet/invoices', askEveryMs)
  const billing = useAnswer<Address>('/fleet/billing-address', askEveryMs)
  const older = useOlder()
  const files = useFiles()
  const [isAddressing, setIsAddressing] = useState(false)
  const address = useAct((wanted: BillingAddress) => ask<Address>('/fleet/billing-address', wanted))
  const first = list.answer.kind === 'there' ? list.answer.value : undefined
  const next = older.pages.at(-1)?.next ?? (older.pages.length === 0 ? (first?.next ?? null) : null)
  const save = async (wanted: BillingAddress): Promise<void> => {
    if ((await address.run(wanted)) === undefined) return
    setIsAddressing(false)
    await Promise.all([billing.refresh(), list.refresh()])
  }
  return {
    view: {
      shown: shownOf(list.answer, billing.answer, older.pages, next !== null),
      addressing: isAddressing ? address.progress : undefined,
      fetching: files.fetching,
      isLoadingMore: older.isLoading,
      mayAddress: may('invoice.address'),
      mayExport: may('session.export'),
    },
    acts: {
      onOpenAddress: () => {
        address.reset()
        setIsAddressing(true)
      },
      onCloseAddress: () => setIsAddressing(false),
      onAddress: (wanted) => void save(wanted),
      onFile: (invoiceNumber, file) => void files.get(invoiceNumber, file),
      onMore: () => void older.load(next),
    },
  }
}

type Asked<T> = ReturnType<typeof useAnswer<T>>['answer']

function shownOf(
  list: Asked<Page>,
  billing: Asked<Address>,
  older: readonly Page[],
  hasMore: boolean,
): InvoicesView['shown'] {
  if (list.kind === 'failed') return list
  if (billing.kind === 'failed') return billing
  if (list.kind === 'loading' || billing.kind === 'loading') return { kind: 'loading' }
  return {
    kind: 'there',
    invoices: [list.value, ...older].flatMap(({ invoices }) => invoices),
    waitsFor: list.value.waitsFor,
    address: billing.value.address,
    hasMore,
    asOfS: list.asOfS,
  }
}

function useFiles() {
  const { locale } = useConsole()
  const [wanted, setWanted] = useState<{ readonly invoiceNumber: string; readonly file: InvoiceFile } | null>(
    null,
  )
  const act = useAct(({ invoiceNumber, file }: { invoiceNumber: string; file: InvoiceFile }) =>
    file === 'pdf'
      ? askFile(`/fleet/invoices/${invoiceNumber}/pdf`)
      : askFile(`/fleet/invoices/${invoiceNumber}/sessions`, { locale }),
  )
  const get = async (invoiceNumber: string, file: InvoiceFile): Promise<void> => {
    if (act.progress.kind === 'waiting') return
    setWanted({ invoiceNumber, file })
    const blob = await act.run({ invoiceNumber, file })
    if (blob === undefined) return
    if (file === 'pdf') saveFile(`invoice-${invoiceNumber}.pdf`, blob, 'application/pdf')
    else saveFile(`invoice-${invoiceNumber}-sessions.csv`, blob, 'text/csv;charset=utf-8')
  }
  return { fetching: wanted === null ? null : { ...wanted, progress: act.progress }, get }
}

/** Months beyond the first page never change: they are read once. */
function useOlder() {
  const { onRefusal } = useConsole()
  const [pages, setPages] = useState<readonly Page[]>([])
  const [isLoading, setIsLoading] = useState(false)
  const load = async (after: string | null): Promise<void> => {
    if (after === null || isLoading) return
    setIsLoading(true)
    const page = await ask<Page>(`/fleet/invoices?after=${after}`)
    setIsLoading(false)
    if (page.ok) setPages((before) => [...before, page.value])
    else onRefusal(page.error)
  }
  return { pages, isLoading, load }
}
