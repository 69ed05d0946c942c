/** What happened, whether money moved, what to do, and the code to name to support: always in this order. */

import CircleCheck from 'lucide-react/icons/circle-check'
import CircleAlert from 'lucide-react/icons/circle-alert'
import CloudOff from 'lucide-react/icons/cloud-off'
import Info from 'lucide-react/icons/info'
import type { ReactNode } from 'react'
import { classNames } from './class-names'
import type { Tone } from './pill'

const icons = { good: CircleCheck, bad: CircleAlert, offline: CloudOff, plain: Info } as const
const edges = {
  good: 'border-l-good',
  bad: 'border-l-bad',
  offline: 'border-l-offline',
  plain: 'border-l-edge',
} as const
const inks = { good: 'text-good', bad: 'text-bad', offline: 'text-offline', plain: 'text-mute' } as const

export interface NoticeProps {
  readonly tone: Tone
  /** What happened. */
  readonly title: string
  /** Whether money moved. */
  readonly money?: string
  /** What to do. */
  readonly action?: ReactNode
  /** "Q-12" */
  readonly code?: string
  /** Interrupts a screen reader: for refusals that the person is waiting for. */
  readonly urgent?: boolean
}

export function Notice({ tone, title, money, action, code, urgent = false }: NoticeProps) {
  const Icon = icons[tone]
  return (
    <div
      role={urgent ? 'alert' : 'status'}
      className={classNames(
        'arrive flex gap-3 border-y border-l-4 border-y-line py-3 pr-1 pl-4',
        edges[tone],
      )}
    >
      <Icon
        className={classNames('mt-0.5 size-icon shrink-0', inks[tone])}
        strokeWidth={1.75}
        aria-hidden="true"
      />
      <div className="min-w-0 flex-1">
        <p className="font-bold">{title}</p>
        {money === undefined ? null : <p>{money}</p>}
        {action === undefined ? null : <div className="text-mute">{action}</div>}
        {code === undefined ? null : <p className="mt-1 text-note text-mute tabular">{code}</p>}
      </div>
    </div>
  )
}
