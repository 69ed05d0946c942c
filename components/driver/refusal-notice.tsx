/** A refusal in four parts: what happened, whether money moved, what to do, the code. */

import { useTranslations } from 'use-intl/react'
import { Notice } from '@/components/ui/notice'
import type { Refusal } from '@/lib/core/reason'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { reasonText } from '@/lib/format/reason-text'

/** Having no signal is a state, not a fault: it stays calm. */
const calm: ReadonlySet<ReasonCode> = new Set(['phone.offline', 'api.unreachable', 'phone.second-tab'])

export function RefusalNotice({ refusal }: { readonly refusal: Refusal }) {
  const text = reasonText(refusal, useTranslations('reasons'))
  const common = useTranslations('common')
  return (
    <Notice
      urgent
      tone={calm.has(refusal.code) ? 'offline' : 'bad'}
      title={text.title}
      money={text.moneyText}
      action={text.action}
      code={common('code', { code: text.code })}
    />
  )
}
