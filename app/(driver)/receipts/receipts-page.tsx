'use client'

/** `/receipts?…`: the receipts on this phone, as far as the address asks for them. */

import { useRouter, useSearchParams } from 'next/navigation'
import { useMemo } from 'react'
import { useLocale, useTimeZone } from 'use-intl'
import { useTranslations } from 'use-intl/react'
import { ReceiptListScreen } from '@/components/driver/receipt-list-screen'
import { deviceTimeZone } from '@/lib/format/device-time-zone'
import { chargesCsv, type ChargeTableWords } from '@/lib/format/history/charge-table'
import {
  filterCharges,
  filterQuery,
  noFilter,
  parseFilter,
  type ChargeFilter,
} from '@/lib/format/history/filter'
import { receiptListLoading, receiptListView } from '../_views/receipt-list-view'
import { saveFile } from '../_wallet/save-file'
import { useNews } from '../_wallet/session-news'
import { WithPhone, type Ready } from '../_wallet/with-phone'

const nothing = (): void => undefined

/** In the address without a step of history for each letter: the way back leads out of the list. */
const showFilter = (filter: ChargeFilter): void =>
  window.history.replaceState(null, '', `/receipts${filterQuery(filter)}`)

export function ReceiptsPage() {
  const router = useRouter()
  const opening = (
    <ReceiptListScreen
      view={receiptListLoading}
      onOpen={nothing}
      onFilter={nothing}
      onShowAll={nothing}
      onExport={nothing}
      onCharge={nothing}
      onBack={() => router.push('/')}
    />
  )
  return <WithPhone opening={opening}>{(ready) => <Receipts ready={ready} />}</WithPhone>
}

function Receipts({ ready: { phone, nowS } }: { readonly ready: Ready }) {
  const router = useRouter()
  const query = useSearchParams()
  const timeZone = useTimeZone() ?? deviceTimeZone()
  const saveTable = useSaveTable(timeZone)
  useNews(phone)
  const charges = useMemo(() => phone.views.charges(phone.state), [phone])
  const filter = useMemo(() => parseFilter(query), [query])
  const view = useMemo(
    () => receiptListView(charges, filter, { nowS, timeZone }),
    [charges, filter, nowS, timeZone],
  )
  return (
    <ReceiptListScreen
      view={view}
      onOpen={(sessionId) => router.push(`/receipts/view?id=${sessionId}`)}
      onFilter={showFilter}
      onShowAll={() => showFilter(noFilter)}
      onExport={() => saveTable(filterCharges(charges, filter, timeZone), filter)}
      onCharge={() => router.push('/charge')}
      onBack={() => router.push('/')}
    />
  )
}

type SaveTable = (charges: Parameters<typeof chargesCsv>[0], filter: ChargeFilter) => void

function useSaveTable(timeZone: string): SaveTable {
  const locale = useLocale()
  const t = useTranslations('driver.receipts')
  const states = useTranslations('driver.receiptState')
  return (charges, { period }) => {
    const words: ChargeTableWords = {
      column: (column) => t(`column.${column}`),
      payer: (payer) => t(`payer.${payer}`),
      state: (state) => states(state),
    }
    const name = ['outpost', t('exportName'), ...(period === null ? [] : [period])].join('-')
    saveFile(`${name}.csv`, chargesCsv(charges, words, { locale, timeZone }), 'text/csv;charset=utf-8')
  }
}
