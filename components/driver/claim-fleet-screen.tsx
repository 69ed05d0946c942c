/** Joins a fleet with the code that its manager gave out. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/ui/figure'
import { useFormat } from '@/lib/format/use-format'
import { CodeForm, type CodeFormState } from './code-form'
import { Screen } from './screen'

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
  const common = useTranslations('common')
  const format = useFormat()
  if (view.state.kind === 'done') {
    const { fleetName, capMinor, currency, untilS } = view.state
    return (
      <Screen
        title={t('doneTitle', { fleet: fleetName })}
        onBack={onBack}
        foot={
          <Button kind="primary" wide onClick={onDone}>
            {common('continue')}
          </Button>
        }
      >
        <Figure
          value={format.money(capMinor, currency)}
          note={<p>{t('doneUntil', { when: format.day(untilS) })}</p>}
        />
        <p className="text-mute">{t('doneNext')}</p>
      </Screen>
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
