/** A title with the age of what stands below it, and the act that belongs there. */

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'

export interface SectionHeadProps {
  readonly id: string
  readonly title: string
  readonly asOfS: number
  readonly nowS: number
  readonly children?: ReactNode
}

export function SectionHead({ id, title, asOfS, nowS, children }: SectionHeadProps) {
  const t = useTranslations('console')
  const format = useFormat()
  return (
    <div className="mb-3 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 id={id} className="scroll-mt-6 text-title">
          {title}
        </h2>
        <p className="text-note text-mute tabular">{t('age', { age: format.age(asOfS, nowS) })}</p>
      </div>
      {children}
    </div>
  )
}
