/** The state of a receipt as a word with its picture. */

import CheckCheck from 'lucide-react/icons/check-check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import Eye from 'lucide-react/icons/eye'
import Smartphone from 'lucide-react/icons/smartphone'
import Undo from 'lucide-react/icons/undo-2'
import { useTranslations } from 'use-intl/react'
import { Pill, type Tone } from '@/components/ui/pill'
import type { ReceiptSummary } from './receipt-summary'

const looks = {
  saved: { tone: 'offline', Icon: Smartphone },
  seen: { tone: 'plain', Icon: Eye },
  settled: { tone: 'good', Icon: CheckCheck },
  case: { tone: 'bad', Icon: CircleHelp },
  unused: { tone: 'plain', Icon: Undo },
} as const satisfies Record<ReceiptSummary['state'], { tone: Tone; Icon: unknown }>

export function ReceiptStateMark({
  state,
  bare = true,
}: {
  readonly state: ReceiptSummary['state']
  readonly bare?: boolean
}) {
  const t = useTranslations('driver.receiptState')
  const { tone, Icon } = looks[state]
  return (
    <Pill tone={tone} bare={bare} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
      {t(state)}
    </Pill>
  )
}
