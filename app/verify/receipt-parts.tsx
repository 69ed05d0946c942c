/** What the receipt says, and how it was checked, in the words of the page for everybody. */

import { useTranslations } from 'use-intl/react'
import { ReceiptChecks } from '@/components/driver/receipt-checks'
import { ReceiptLines } from '@/components/driver/receipt-lines'
import { Figure } from '@/components/ui/figure'
import { useFormat } from '@/lib/format/use-format'
import type { CheckedReceipt } from './verify-view'

/** A refused receipt only claims its figures: they stand in mute ink under that word. */
export function ReceiptAmounts({ view: { verdict, facts } }: { readonly view: CheckedReceipt }) {
  const t = useTranslations('verify')
  const format = useFormat()
  const isClaim = verdict === 'refused'
  return (
    <section className={isClaim ? 'text-mute' : ''}>
      {isClaim ? <h2 className="flex min-h-8 items-center font-bold">{t('claims')}</h2> : null}
      <div className="mb-4">
        <Figure
          label={`${facts.siteLabel} · ${facts.bayLabel}`}
          value={format.money(facts.totalMinor, facts.currency)}
          note={
            <p className="text-body tabular">
              {format.energyExact(facts.energyWh)} · {format.timestamp(facts.startS)}
            </p>
          }
        />
      </div>
      <ReceiptLines facts={facts} />
    </section>
  )
}

export function CheckList({ view }: { readonly view: CheckedReceipt }) {
  const t = useTranslations('verify')
  const receipt = useTranslations('receipt')
  const format = useFormat()
  return (
    <section>
      <h2 className="flex min-h-8 items-center font-bold">{t('checks')}</h2>
      <ReceiptChecks checks={view.checks} facts={view.facts} />
      <p className="mt-3 text-note text-mute">
        {receipt('consent')}
        {view.keysAsOfS === null ? null : (
          <span className="block">{t('trust.asOf', { when: format.timestamp(view.keysAsOfS) })}</span>
        )}
      </p>
    </section>
  )
}
