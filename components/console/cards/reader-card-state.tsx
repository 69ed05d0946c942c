/** The state of a card for readers as a word with its picture, and how many chargers know it. */

import Ban from 'lucide-react/icons/ban'
import Check from 'lucide-react/icons/check'
import Nfc from 'lucide-react/icons/nfc'
import TicketX from 'lucide-react/icons/ticket-x'
import { useTranslations } from 'use-intl/react'
import { Pill, type Tone } from '@/components/ui/pill'
import { useFormat } from '@/lib/format/use-format'
import type { ReaderCard, ReaderCardState } from './cards-view'

const looks = {
  live: { tone: 'good', Icon: Nfc },
  spent: { tone: 'plain', Icon: Check },
  expired: { tone: 'plain', Icon: TicketX },
  revoked: { tone: 'bad', Icon: Ban },
} as const satisfies Record<ReaderCardState, { tone: Tone; Icon: unknown }>

export function ReaderCardStateMark({ state }: { readonly state: ReaderCardState }) {
  const t = useTranslations('consoleCards.state')
  const { tone, Icon } = looks[state]
  return (
    <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
      {t(state)}
    </Pill>
  )
}

/** What chargers know, and when the rest of a withdrawn card returns. */
export function ReaderCardNews({
  card: { state, news, returnsAtS },
  nowS,
}: {
  readonly card: ReaderCard
  readonly nowS: number
}) {
  const t = useTranslations('consoleCards')
  const format = useFormat()
  if (news === null && returnsAtS === null) return <>–</>
  return (
    <>
      {news === null ? null : t(state === 'live' ? 'knownBy' : 'refusedBy', news)}
      {returnsAtS === null ? null : (
        <span className="block text-note text-mute">
          {t('returnsAt', { when: format.moment(returnsAtS, nowS) })}
        </span>
      )}
    </>
  )
}
