/** The state of a session as a word with its picture. */

import CheckCheck from 'lucide-react/icons/check-check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import Clock from 'lucide-react/icons/clock'
import Smartphone from 'lucide-react/icons/smartphone'
import { useTranslations } from 'use-intl/react'
import { Pill, type Tone } from '@/components/ui/pill'
import type { SessionState } from './sessions-view'

const looks = {
  phone: { tone: 'offline', Icon: Smartphone },
  seen: { tone: 'offline', Icon: Clock },
  settled: { tone: 'good', Icon: CheckCheck },
  case: { tone: 'bad', Icon: CircleHelp },
} as const satisfies Record<SessionState, { tone: Tone; Icon: unknown }>

export function SessionStateMark({ state }: { readonly state: SessionState }) {
  const t = useTranslations('consoleSessions.state')
  const { tone, Icon } = looks[state]
  return (
    <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
      {t(state)}
    </Pill>
  )
}
