/** Each check in words with its outcome, for the driver's own page and for everybody's. */

import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import type { ReceiptCheck, ReceiptFacts } from './receipt-facts'

const looks = {
  passed: { Icon: CircleCheck, ink: 'text-good' },
  failed: { Icon: CircleAlert, ink: 'text-bad' },
  open: { Icon: CircleHelp, ink: 'text-offline' },
} as const

export function CheckLine({
  outcome,
  children,
}: {
  readonly outcome: ReceiptCheck['outcome']
  readonly children: ReactNode
}) {
  const { Icon, ink } = looks[outcome]
  return (
    <li className={`flex gap-3 py-2.5 ${outcome === 'failed' ? 'font-bold' : ''}`}>
      <Icon className={`mt-0.5 size-icon shrink-0 ${ink}`} strokeWidth={1.75} aria-hidden="true" />
      <span className="min-w-0">{children}</span>
    </li>
  )
}

export interface ReceiptChecksProps {
  readonly checks: readonly ReceiptCheck[]
  readonly facts: ReceiptFacts
  /** Further lines below. */
  readonly children?: ReactNode
}

export function ReceiptChecks({ checks, facts, children }: ReceiptChecksProps) {
  return (
    <ul className="divide-y divide-line border-y border-line">
      {checks.map((check) => (
        <ProofCheck key={check.name} check={check} facts={facts} />
      ))}
      {children}
    </ul>
  )
}

/** Each check has words for the outcomes that it can have; the type checker sees only that each has some. */
function ProofCheck({
  check: { name, outcome },
  facts,
}: {
  readonly check: ReceiptCheck
  readonly facts: ReceiptFacts
}) {
  const t = useTranslations('receipt.checked')
  const format = useFormat()
  const { recomputedMinor, currency } = facts
  const word = name === 'amount' && recomputedMinor === null ? 'none' : outcome
  return (
    <CheckLine outcome={outcome}>
      {t(`${name}.${word}` as 'hold.passed', {
        hold: format.money(facts.holdMinor, currency),
        amount: recomputedMinor === null ? '' : format.money(recomputedMinor, currency),
        operator: facts.operatorName,
      })}
    </CheckLine>
  )
}
