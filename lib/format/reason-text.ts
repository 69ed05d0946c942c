/** One place turns a refusal into what people read: what happened, whether money moved, what to do, the short code. */

import type { Refusal } from '@/lib/core/reason'
import { reasons, type MoneyMoved, type ReasonCode } from '@/lib/core/reason-codes'

export interface ReasonText {
  /** What happened. */
  readonly title: string
  /** Whether money moved. */
  readonly moneyText: string
  /** What to do. */
  readonly action: string
  /** What to read out to support, such as "Q-12". */
  readonly code: string
}

/** `wordsIn` names the fact of a refusal that holds an operator's own words in this language. */
export type ReasonKey = `${ReasonCode}.title` | `${ReasonCode}.action` | `money.${MoneyMoved}` | 'wordsIn'

/** What `useTranslations('reasons')` returns, or any other lookup in that namespace. */
export type TranslateReason = (key: ReasonKey) => string

export function reasonText(refusal: Refusal, translate: TranslateReason): ReasonText {
  const facts = reasons[refusal.code]
  const own = refusal.facts?.[translate('wordsIn')]
  return {
    title: typeof own === 'string' ? own : translate(`${refusal.code}.title`),
    moneyText: translate(`money.${facts.moneyMoved}`),
    action: translate(`${refusal.code}.action`),
    code: facts.code,
  }
}
