/** How much of a budget is gone, as a figure and as a line. */

import { useFormat } from '@/lib/format/use-format'
import { useTranslations } from 'use-intl/react'

export interface BudgetBarProps {
  readonly usedMinor: number
  /** 0: nothing limits it, and there is no line. */
  readonly ofMinor: number
  readonly currency: string
}

export function BudgetBar({ usedMinor, ofMinor, currency }: BudgetBarProps) {
  const t = useTranslations('consoleTokens')
  const format = useFormat()
  if (ofMinor === 0) return <span>{format.money(usedMinor, currency)}</span>
  const share = Math.min(100, Math.round((100 * usedMinor) / ofMinor))
  return (
    <span className="inline-block min-w-36">
      {t('usedOf', { used: format.money(usedMinor, currency), of: format.moneyShort(ofMinor, currency) })}
      <span className="mt-1 block h-1 rounded-full bg-line" aria-hidden="true">
        <span
          className="block h-1 energy-line"
          // Through the style object: the page's policy forbids style attributes.
          ref={(line) => line?.style.setProperty('width', `${share}%`)}
        />
      </span>
    </span>
  )
}
