/** A state in a word, with a picture beside it so that colour is never the only sign. */

import type { ReactNode } from 'react'
import { classNames } from './class-names'

const tones = {
  good: 'text-good border-good/45 bg-good/8',
  bad: 'text-bad border-bad/45 bg-bad/8',
  offline: 'text-offline border-offline/45 bg-offline/8',
  plain: 'text-mute border-line',
} as const

export type Tone = keyof typeof tones

export interface PillProps {
  readonly tone: Tone
  readonly icon: ReactNode
  readonly children: ReactNode
  /** Inside rows: no frame, smaller. */
  readonly bare?: boolean
}

export function Pill({ tone, icon, children, bare = false }: PillProps) {
  return (
    <span
      className={classNames(
        'inline-flex items-center font-bold',
        bare
          ? 'gap-1.5 border-0 bg-transparent text-note [&_svg]:size-[1.1em]'
          : 'gap-2 rounded-full border py-1 pr-3.5 pl-2.5 [&_svg]:size-[1.2em]',
        tones[tone],
        bare && 'bg-transparent',
      )}
    >
      {icon}
      {children}
    </span>
  )
}
