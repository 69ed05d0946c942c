/** Says each new screen aloud, in the language on the glass, as long as somebody wants it. */

import { useEffect, useRef } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { parseLocale, type Locale } from '@/lib/format/locale'
import { reasonText } from '@/lib/format/reason-text'
import { tariffLines } from '@/lib/format/tariff-lines'
import { useFormat } from '@/lib/format/use-format'
import type { ScreenTariff } from '../screen-protocol'
import type { Prompt } from './prompt'
import type { Voice } from './voice'

export interface SpokenPromptsProps {
  readonly prompt: Prompt | undefined
  readonly voice: Voice
  /** Counts how often somebody asked to hear it again. */
  readonly asked: number
}

export function SpokenPrompts({ prompt, voice, asked }: SpokenPromptsProps) {
  const text = usePromptText(prompt)
  const locale: Locale = parseLocale(useLocale()) ?? 'en'
  const newest = useRef(text)
  useEffect(() => {
    newest.current = text
  }, [text])
  const key = prompt?.key
  useEffect(() => {
    if (key !== undefined && newest.current !== undefined) voice.say(newest.current, locale)
  }, [key, locale, voice, asked])
  useEffect(() => () => voice.hush(), [voice])
  return null
}

function usePromptText(prompt: Prompt | undefined): string | undefined {
  const t = useTranslations('kiosk.spoken')
  const reasons = useTranslations('reasons')
  const format = useFormat()
  const price = usePriceText()
  if (prompt === undefined) return undefined
  const bay = prompt.bayLabel
  switch (prompt.kind) {
    case 'on':
    case 'starting':
    case 'stopping':
      return t(prompt.kind)
    case 'stop-entry':
      return t('stopEntry')
    case 'more-time':
      return t('moreTime')
    case 'card-waiting':
      return t('cardWaiting', { bay })
    case 'available':
      return t('available', { bay, price: prompt.tariff === null ? '' : price(prompt.tariff) })
    case 'offering':
      return t('offering', {
        bay,
        price: price(prompt.tariff),
        amount: format.moneyShort(prompt.heldMinor, prompt.tariff.currency),
        words: prompt.words.join(', '),
      })
    case 'charging':
      return t('charging', {
        energy: format.energy(prompt.energyWh),
        cost: format.money(prompt.costMinor, prompt.currency),
      })
    case 'finished':
      return t('finished', {
        energy: format.energy(prompt.energyWh),
        total: format.money(prompt.totalMinor, prompt.currency),
      })
    case 'unavailable':
      return t('unavailable', {
        bay,
        why: reasonText({ code: prompt.reason }, reasons).title,
        phone: prompt.supportPhone,
      })
    case 'refused': {
      const words = reasonText(prompt.refusal, reasons)
      return t('refused', { why: words.title, money: words.moneyText, action: words.action })
    }
  }
}

/** Every component of the price, in the order of the board. */
function usePriceText(): (tariff: ScreenTariff) => string {
  const t = useTranslations('kiosk.price')
  const format = useFormat()
  return (tariff) =>
    tariffLines(tariff)
      .map((line) => {
        const unit = line.kind === 'idle' ? t('idle', { minutes: line.graceMinutes }) : t(line.kind)
        return `${format.rate(line.rate, tariff.currency)} ${unit}`
      })
      .join(', ')
}
