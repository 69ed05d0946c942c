/** The code of the operator's invitation, which this phone turns into a pass. */

import { useTranslations } from 'use-intl/react'
import { CodeForm } from '@/components/driver/code-form'
import type { InvitationView } from './technician-view'

export interface InvitationProps {
  readonly view: InvitationView
  onTake(code: string): void
  onBack(): void
}

export function InvitationScreen({ view, onTake, onBack }: InvitationProps) {
  const t = useTranslations('driver.technician')
  return (
    <CodeForm
      online={view.online}
      state={view.state}
      title={t('inviteTitle')}
      lead={t('inviteLead')}
      label={t('code')}
      hint={t('codeHint')}
      act={t(view.state.kind === 'waiting' ? 'taking' : 'take')}
      firstCode={view.code}
      autoComplete="one-time-code"
      offline={{ title: t('offlineTitle'), action: t('offlineAction') }}
      isWhole={(code) => code.trim() !== ''}
      onCode={onTake}
      onBack={onBack}
    />
  )
}
