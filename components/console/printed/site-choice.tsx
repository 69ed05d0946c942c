/** Where cards are good: at least one site, and no more than a card can name. */

import { useTranslations } from 'use-intl/react'

export interface SiteChoiceProps {
  readonly all: readonly { readonly siteId: string; readonly label: string; readonly takesCards: boolean }[]
  readonly chosen: readonly string[]
  readonly disabled: boolean
  onChange(chosen: readonly string[]): void
}

const sitesMost = 8

export function SiteChoice({ all, chosen, disabled, onChange }: SiteChoiceProps) {
  const t = useTranslations('consolePrinted.makeDialog')
  const isFull = chosen.length >= sitesMost
  return (
    <fieldset disabled={disabled} className="min-w-0">
      <legend className="mb-2 font-bold">{t('sites')}</legend>
      <p className="mb-2 text-note text-mute">{t('sitesHint', { count: sitesMost })}</p>
      <div
        className="max-h-48 overflow-y-auto border-y border-line"
        tabIndex={0}
        role="group"
        aria-label={t('sites')}
      >
        {all.map(({ siteId, label, takesCards }) => {
          const isChosen = chosen.includes(siteId)
          return (
            <label key={siteId} className="flex min-h-target cursor-pointer items-center gap-3 py-1">
              <input
                type="checkbox"
                className="size-5 shrink-0 accent-ink"
                checked={isChosen}
                disabled={isFull && !isChosen}
                onChange={() =>
                  onChange(isChosen ? chosen.filter((one) => one !== siteId) : [...chosen, siteId])
                }
              />
              <span>
                {label}
                {takesCards ? null : <span className="block text-note text-mute">{t('takesNone')}</span>}
              </span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
