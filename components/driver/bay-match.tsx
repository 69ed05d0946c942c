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
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(7.5rem,1fr))] gap-x-6 gap-y-3 border-y border-line py-4">
      <div>
        <dt className="text-note text-mute">{t('label')}</dt>
        <dd className="text-title font-bold">{bayLabel}</dd>
      </div>
      <div>
        <dt className="text-note text-mute">{t('words')}</dt>
        <dd className="text-title font-bold" lang="en">
          <span className="block">{words[0]}</span>
          <span className="block">{words[1]}</span>
        </dd>
      </div>
    </dl>
  )
}
