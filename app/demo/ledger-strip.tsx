/** The books, live: where every cent stands now. The sum over all accounts must be zero. */

import { useTranslations } from 'use-intl'
import { useFormat } from '@/lib/format/use-format'
import type { DemoLedgerResponse } from '@/lib/cloud/api-types/health'

const accounts = [
  'driversMinor',
  'fleetsMinor',
  'reservedMinor',
  'revenueMinor',
  'taxMinor',
  'receivableMinor',
] as const

export function LedgerStrip({ ledger }: { readonly ledger: DemoLedgerResponse | null }) {
  const translate = useTranslations('demo.ledger')
  const format = useFormat()
  if (ledger === null) return <p className="text-mute">{translate('waiting')}</p>
  const { sessions, currency } = ledger
  return (
    <section aria-label={translate('title')} className="rounded-card border border-line bg-card px-6 py-4">
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(7.25rem,1fr))] gap-x-6 gap-y-3">
        {accounts.map((account) => (
          <div key={account}>
            <dt className="text-note text-mute">{translate(account)}</dt>
            <dd className="text-lead font-bold tabular">{format.money(ledger[account], currency)}</dd>
          </div>
        ))}
        <div className="col-span-2">
          <dt className="text-note text-mute">{translate('sessions')}</dt>
          <dd className="text-lead font-bold tabular">
            {translate('sessionCounts', {
              seen: sessions.seen,
              settled: sessions.settled,
              cases: sessions.case,
            })}
          </dd>
        </div>
        <div>
          <dt className="text-note text-mute">{translate('imbalance')}</dt>
          <dd className="text-lead font-bold tabular">{format.money(ledger.imbalanceMinor, currency)}</dd>
        </div>
      </dl>
    </section>
  )
}
