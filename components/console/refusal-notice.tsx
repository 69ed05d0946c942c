/** A refusal in four parts: what happened, whether money moved, what to do, the code. */

import { useTranslations } from 'use-intl/react'
import { Notice } from '@/components/ui/notice'
import type { Refusal } from '@/lib/core/reason'
import { reasonText } from '@/lib/format/reason-text'

export function RefusalNotice({ refusal }: { readonly refusal: Refusal }) {
  const text = reasonText(refusal, useTranslations('reasons'))
  const common = useTranslations('common')
  return (
    <Notice
      urgent
      tone={refusal.code === 'api.unreachable' ? 'offline' : 'bad'}
      title={text.title}
      money={text.moneyText}
      action={text.action}
      code={common('code', { code: text.code })}
    />
  )
}
