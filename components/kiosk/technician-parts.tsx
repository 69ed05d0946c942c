/** Small parts that several pages of technician mode share. */

import CircleCheck from 'lucide-react/icons/circle-check'
import CircleX from 'lucide-react/icons/circle-x'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { classNames } from '@/components/ui/class-names'
import { Button } from '@/components/ui/button'
import type { Verdict } from './technician-view'

const marks = {
  good: { icon: CircleCheck, tone: 'text-good' },
  doubtful: { icon: TriangleAlert, tone: 'text-ink' },
  bad: { icon: CircleX, tone: 'text-bad' },
} as const

/** By its shape as much as by its colour; for screen readers in words. */
export function VerdictMark({ verdict }: { readonly verdict: Verdict }) {
  const t = useTranslations('kiosk.technician.verdict')
  const { icon: Icon, tone } = marks[verdict]
  return (
    <span role="img" aria-label={t(verdict)} className={classNames('shrink-0', tone)}>
      <Icon className="size-[1.3em]" strokeWidth={2} aria-hidden="true" />
    </span>
  )
}

export function Titled({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <p className="font-bold">{title}</p>
      <div className="text-mute text-pretty [overflow-wrap:anywhere]">{children}</div>
    </div>
  )
}

export interface PagerProps {
  readonly page: number
  readonly pages: number
  onPage(page: number): void
}

/** Nothing scrolls at the touchscreen: what does not fit stands on the next page. */
export function Pager({ page, pages, onPage }: PagerProps) {
  const t = useTranslations('kiosk.technician')
  if (pages < 2) return null
  return (
    <div className="flex items-center gap-x-4">
      <Button disabled={page === 0} onClick={() => onPage(page - 1)}>
        {t('before')}
      </Button>
      <span className="tabular">{t('page', { page: page + 1, pages })}</span>
      <Button disabled={page >= pages - 1} onClick={() => onPage(page + 1)}>
        {t('after')}
      </Button>
    </div>
  )
}
