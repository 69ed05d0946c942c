/** The parts of a receipt: what it cost, what this phone checked, and everything that proves it. */

import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { DefinitionRows, type DefinitionRow } from '@/components/ui/definition-rows'
import { useFormat } from '@/lib/format/use-format'
import type { ReceiptView } from './receipt-view'
import { SectionHead } from './screen'

export function ReceiptAmounts({ view }: { readonly view: ReceiptView }) {
  const t = useTranslations('driver.receipt')
  const format = useFormat()
  const money = (amountMinor: number): string => format.money(amountMinor, view.currency)
  const rows: DefinitionRow[] = [
    ...view.lines.map((line) => ({ name: t(`line.${line.kind}`), value: money(line.amountMinor) })),
    { name: t('total'), value: money(view.totalMinor), strong: true },
    {
      name: t('tax', { percent: format.percent(view.taxBasisPoints) }),
      value: money(view.taxMinor),
    },
  ]
  const afterwards: DefinitionRow[] = [
    {
      name: t('released'),
      note: t('releasedOf', { held: money(view.heldMinor), when: format.timestamp(view.releasedAtS) }),
      value: <span className="font-bold text-good">{money(view.releasedMinor)}</span>,
    },
    ...view.refunds.map((refund) => ({
      name: t('refund'),
      note: format.timestamp(refund.atS),
      value: `+${money(refund.amountMinor)}`,
    })),
  ]
  return (
    <section>
      <DefinitionRows rows={rows} />
      <div className="mt-4">
        <DefinitionRows rows={afterwards} />
      </div>
    </section>
  )
}

const checkLooks = {
  good: { Icon: CircleCheck, ink: 'text-good' },
  bad: { Icon: CircleAlert, ink: 'text-bad' },
  open: { Icon: CircleHelp, ink: 'text-offline' },
} as const

function CheckLine({
  state,
  children,
}: {
  readonly state: keyof typeof checkLooks
  readonly children: ReactNode
}) {
  const { Icon, ink } = checkLooks[state]
  return (
    <li className="flex gap-3 py-2.5">
      <Icon className={`mt-0.5 size-icon shrink-0 ${ink}`} strokeWidth={1.75} aria-hidden="true" />
      <span>{children}</span>
    </li>
  )
}

const signatureStates = { valid: 'good', wrong: 'bad', 'issuer-unknown': 'open' } as const

export function ReceiptChecks({ view }: { readonly view: ReceiptView }) {
  const t = useTranslations('driver.receipt')
  const format = useFormat()
  const matches = view.recomputedMinor === view.totalMinor
  return (
    <section>
      <SectionHead>{t('checks')}</SectionHead>
      <ul className="divide-y divide-line border-y border-line">
        <CheckLine state={signatureStates[view.signature]}>{t(`signature.${view.signature}`)}</CheckLine>
        <CheckLine state={matches ? 'good' : 'bad'}>
          {t(matches ? 'recomputedSame' : 'recomputedOther', {
            amount: format.money(view.recomputedMinor, view.currency),
          })}
        </CheckLine>
        {view.clockKnown ? null : <CheckLine state="open">{t('clockUnknown')}</CheckLine>}
      </ul>
    </section>
  )
}

export function ReceiptDetails({ view }: { readonly view: ReceiptView }) {
  const t = useTranslations('driver.receipt')
  const format = useFormat()
  return (
    <section>
      <SectionHead>{t('meter')}</SectionHead>
      <DefinitionRows
        rows={[
          { name: t('meterStart'), value: format.energyExact(view.meterStartWh) },
          { name: t('meterStop'), value: format.energyExact(view.meterStopWh) },
          { name: t('energy'), value: format.energyExact(view.energyWh) },
          { name: t('start'), value: format.timestamp(view.startS) },
          { name: t('duration'), value: format.duration(view.durationS) },
          { name: t('endedBy'), value: t(`stopReason.${view.stopReason}`) },
        ]}
      />
      <div className="mt-6">
        <SectionHead>{t('ids')}</SectionHead>
        <DefinitionRows
          rows={[
            { name: t('operator'), value: view.operatorName },
            { name: t('charger'), value: view.chargerId },
            { name: t('number'), value: view.receiptNumber },
            { name: t('session'), value: view.sessionId, breakAll: true },
          ]}
        />
      </div>
    </section>
  )
}
