/** Which driver or vehicle a token is for: typed, found on the fleet's lists, chosen. Left half typed, it is as before. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { SearchChoice } from '@/components/ui/search-choice'
import type { Holder, HolderKind, Holders } from './tokens-view'

export interface HolderFieldProps {
  readonly kind: HolderKind
  readonly chosen: Holder | null
  readonly found: Holders[HolderKind]
  readonly disabled: boolean
  onFind(kind: HolderKind, text: string): void
  onChoose(holder: Holder | null): void
}

export function HolderField({ kind, chosen, found, disabled, onFind, onChoose }: HolderFieldProps) {
  const t = useTranslations('consoleTokens.holder')
  const [text, setText] = useState(chosen?.label ?? '')
  return (
    <SearchChoice
      label={t(kind)}
      hint={t(`${kind}Hint`)}
      text={text}
      options={found}
      nothing={t(`${kind}Nothing`)}
      disabled={disabled}
      maxLength={60}
      found={(count) => t('found', { count })}
      onText={(next) => {
        setText(next)
        onFind(kind, next)
      }}
      onChoose={({ id, label }) => {
        setText(label)
        onChoose(found?.find((one) => one.id === id) ?? null)
      }}
      onLeave={() => {
        const meant = holderNamed(found, text)
        if (text.trim() === '') onChoose(null)
        else if (meant !== undefined && meant.id !== chosen?.id) onChoose(meant)
        setText(text.trim() === '' ? '' : ((meant ?? chosen)?.label ?? ''))
      }}
    />
  )
}

/** Whoever types a whole name means whom it names, as long as nobody else is called the same. */
export function holderNamed(found: Holders[HolderKind], text: string): Holder | undefined {
  const name = text.trim().toLowerCase()
  const same = (found ?? []).filter(({ label }) => label.toLowerCase() === name)
  return same.length === 1 ? same[0] : undefined
}
