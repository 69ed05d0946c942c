/** States of tokens and sessions as a word with its picture. */

import Ban from 'lucide-react/icons/ban'
import CheckCheck from 'lucide-react/icons/check-check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import Clock from 'lucide-react/icons/clock'
import Hourglass from 'lucide-react/icons/hourglass'
import Smartphone from 'lucide-react/icons/smartphone'
import TicketX from 'lucide-react/icons/ticket-x'
import { useTranslations } from 'use-intl/react'
import { Pill, type Tone } from '@/components/ui/pill'
import type { FleetSessionState, TokenState } from './fleet-view'

const tokenLooks = {
  unclaimed: { tone: 'offline', Icon: Hourglass },
  live: { tone: 'good', Icon: Smartphone },
  expired: { tone: 'plain', Icon: TicketX },
  revoked: { tone: 'bad', Icon: Ban },
} as const satisfies Record<TokenState, { tone: Tone; Icon: unknown }>

const sessionLooks = {
  seen: { tone: 'offline', Icon: Clock },
  settled: { tone: 'good', Icon: CheckCheck },
  case: { tone: 'bad', Icon: CircleHelp },
} as const satisfies Record<FleetSessionState, { tone: Tone; Icon: unknown }>

export function TokenStateMark({ state }: { readonly state: TokenState }) {
  const t = useTranslations('console.tokenState')
  const { tone, Icon } = tokenLooks[state]
  return (
    <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
      {t(state)}
    </Pill>
  )
}

export function SessionStateMark({ state }: { readonly state: FleetSessionState }) {
  const t = useTranslations('console.sessionState')
  const { tone, Icon } = sessionLooks[state]
  return (
    <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
      {t(state)}
    </Pill>
  )
}
