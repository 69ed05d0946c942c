/** Every receipt on this phone, newest first, by month. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { PhoneShowsCode } from '@/components/ui/drawings'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { ReceiptRow } from './receipt-row'
import type { ReceiptSummary } from './receipt-summary'
import { Screen, SectionHead } from './screen'

export interface ReceiptListView {
  /** Newest first. Null while they are being read. */
  readonly receipts: readonly ReceiptSummary[] | null
  readonly nowS: number
}

export interface ReceiptListProps {
  view: ReceiptListView
  onOpen(sessionId: string): void
  onCharge(): void
  onBack(): void
}

export function ReceiptListScreen({ view, onOpen, onCharge, onBack }: ReceiptListProps) {
  const t = useTranslations('driver.receipts')
  const format = useFormat()
  if (view.receipts === null) {
    return (
      <Screen title={t('title')} onBack={onBack}>
        <Spinner awaited={t('loading')} />
      </Screen>
    )
  }
  if (view.receipts.length === 0) {
    return (
      <Screen
        title={t('title')}
        onBack={onBack}
        foot={
          <Button kind="primary" wide onClick={onCharge}>
            {t('charge')}
          </Button>
        }
      >
        <PhoneShowsCode className="h-auto w-full max-w-80" />
        <p className="text-lead">{t('empty')}</p>
      </Screen>
    )
  }
  return (
    <Screen title={t('title')} onBack={onBack}>
      {byMonth(view.receipts, format.month).map((group) => (
        <section key={group.month}>
          <SectionHead
            trailing={<span className="text-mute tabular">{monthTotal(group.receipts, format.money)}</span>}
          >
            {group.month}
          </SectionHead>
          <ul className="divide-y divide-line border-y border-line">
            {group.receipts.map((receipt) => (
              <li key={receipt.sessionId}>
                <ReceiptRow receipt={receipt} nowS={view.nowS} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Screen>
  )
}

interface MonthGroup {
  readonly month: string
  readonly receipts: readonly ReceiptSummary[]
}

function byMonth(receipts: readonly ReceiptSummary[], month: (atS: number) => string): readonly MonthGroup[] {
  const groups = new Map<string, ReceiptSummary[]>()
  for (const receipt of receipts) {
    const name = month(receipt.endedAtS)
    groups.set(name, [...(groups.get(name) ?? []), receipt])
  }
  return [...groups].map(([name, inMonth]) => ({ month: name, receipts: inMonth }))
}

/** Currencies are never added to each other: each has its own sum. */
function monthTotal(
  receipts: readonly ReceiptSummary[],
  money: (amountMinor: number, currency: string) => string,
): string {
  const sums = new Map<string, number>()
  for (const { currency, totalMinor } of receipts) sums.set(currency, (sums.get(currency) ?? 0) + totalMinor)
  return [...sums].map(([currency, sum]) => money(sum, currency)).join(' + ')
}
