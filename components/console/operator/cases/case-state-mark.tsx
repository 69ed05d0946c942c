/** Where a case stands, as a word with its picture. */

import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDot from 'lucide-react/icons/circle-dot'
import Hourglass from 'lucide-react/icons/hourglass'
import UserCheck from 'lucide-react/icons/user-check'
import { useTranslations } from 'use-intl/react'
import { Pill, type Tone } from '@/components/ui/pill'
import type { CaseState } from './cases-view'

const looks = {
  open: { tone: 'bad', Icon: CircleDot },
  'in-review': { tone: 'plain', Icon: UserCheck },
  'waiting-for-evidence': { tone: 'offline', Icon: Hourglass },
  decided: { tone: 'good', Icon: CircleCheck },
} as const satisfies Record<CaseState, { tone: Tone; Icon: unknown }>

export function CaseStateMark({ state }: { readonly state: CaseState }) {
  const t = useTranslations('consoleOperator.cases.states')
  const { tone, Icon } = looks[state]
  return (
    <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
      {t(state)}
    </Pill>
  )
}
