/** Joins a fleet with the code that its manager gave out. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { CodeForm, type CodeFormState } from './code-form'
import { CreditArrived } from './credit-arrived'

export interface ClaimFleetView {
  readonly online: boolean
  /** From a link, so that the driver need not type it. */
  readonly code: string
  readonly state:
    | CodeFormState
    | {
        readonly kind: 'done'
        readonly fleetName: string
        readonly capMinor: number
        readonly currency: string
        readonly untilS: number
      }
}

export interface ClaimFleetProps {
  view: ClaimFleetView
  onClaim(code: string): void
  onDone(): void
  onBack(): void
}

export function ClaimFleetScreen({ view, onClaim, onDone, onBack }: ClaimFleetProps) {
  const t = useTranslations('driver.claim')
  const format = useFormat()
  if (view.state.kind === 'done') {
    const { fleetName, capMinor, currency, untilS } = view.state
    return (
      <CreditArrived
        title={t('doneTitle', { fleet: fleetName })}
        figure={{
          value: format.money(capMinor, currency),
          note: <p>{t('doneUntil', { when: format.day(untilS) })}</p>,
        }}
        onDone={onDone}
        onBack={onBack}
      >
        <p className="text-mute">{t('doneNext')}</p>
      </CreditArrived>
    )
  }
  return (
    <CodeForm
      online={view.online}
      state={view.state}
      title={t('title')}
      lead={t('lead')}
      label={t('code')}
      hint={t('codeHint')}
      act={t(view.state.kind === 'waiting' ? 'waiting' : 'claim')}
      firstCode={view.code}
      autoComplete="one-time-code"
      offline={{ title: t('offlineTitle'), action: t('offlineAction') }}
      isWhole={(code) => code.trim() !== ''}
      onCode={onClaim}
      onBack={onBack}
    />
  )
}
