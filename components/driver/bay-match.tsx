/** What the driver compares by eye: the label on the bay, and the two words on the charger's screen. */

import { useTranslations } from 'use-intl/react'

export interface BayMatchProps {
  readonly bayLabel: string
  readonly words: readonly [string, string]
}

/** The words come from one list that is never translated, so they are marked as English for screen readers. */
export function BayMatch({ bayLabel, words }: BayMatchProps) {
  const t = useTranslations('driver.bay')
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 border-y border-line py-3">
      <div>
        <dt className="text-note text-mute">{t('label')}</dt>
        <dd className="text-title font-bold">{bayLabel}</dd>
      </div>
      <div>
        <dt className="text-note text-mute">{t('words')}</dt>
        <dd className="text-title font-bold" lang="en">
          {words[0]} {words[1]}
        </dd>
      </div>
    </dl>
  )
}
