/** The state of a printed card as a word with its picture. */

import Ban from 'lucide-react/icons/ban'
import Check from 'lucide-react/icons/check'
import CircleDashed from 'lucide-react/icons/circle-dashed'
import Hourglass from 'lucide-react/icons/hourglass'
import TicketX from 'lucide-react/icons/ticket-x'
import { useTranslations } from 'use-intl/react'
import { Pill, type Tone } from '@/components/ui/pill'
import type { CardState } from './printed-view'

const looks = {
  unused: { tone: 'good', Icon: CircleDashed },
  used: { tone: 'good', Icon: Hourglass },
  'used-up': { tone: 'plain', Icon: Check },
  void: { tone: 'bad', Icon: Ban },
  expired: { tone: 'plain', Icon: TicketX },
} as const satisfies Record<CardState, { tone: Tone; Icon: unknown }>

export function CardStateMark({ state }: { readonly state: CardState }) {
  const t = useTranslations('consolePrinted.cardState')
  const { tone, Icon } = looks[state]
  return (
    <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
      {t(state)}
    </Pill>
  )
}
