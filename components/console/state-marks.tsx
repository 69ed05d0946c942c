/** States of tokens as a word with its picture. */

import Ban from 'lucide-react/icons/ban'
import Hourglass from 'lucide-react/icons/hourglass'
import Smartphone from 'lucide-react/icons/smartphone'
import TicketX from 'lucide-react/icons/ticket-x'
import { useTranslations } from 'use-intl/react'
import { Pill, type Tone } from '@/components/ui/pill'
import type { TokenState } from './fleet-view'

const tokenLooks = {
  unclaimed: { tone: 'offline', Icon: Hourglass },
  live: { tone: 'good', Icon: Smartphone },
  expired: { tone: 'plain', Icon: TicketX },
  revoked: { tone: 'bad', Icon: Ban },
} as const satisfies Record<TokenState, { tone: Tone; Icon: unknown }>

export function TokenStateMark({ state }: { readonly state: TokenState }) {
  const t = useTranslations('console.tokenState')
  const { tone, Icon } = tokenLooks[state]
  return (
    <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
      {t(state)}
    </Pill>
  )
}
