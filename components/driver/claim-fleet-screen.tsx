/** Joins a fleet with the code that its manager gave out. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import type { Refusal } from '@/lib/core/reason'
import { useFormat } from '@/lib/format/use-format'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'

export interface ClaimFleetView {
  readonly online: boolean
  /** From a link, so that the driver need not type it. */
  readonly code: string
  readonly state:
    | { readonly kind: 'ready' }
    | { readonly kind: 'waiting' }
    | {
        readonly kind: 'done'
        readonly fleetName: string
        readonly capMinor: number
        readonly currency: string
        readonly untilS: number
      }
    | { readonly kind: 'failed'; readonly refusal: Refusal }
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
  const [code, setCode] = useState(view.code)
  const waiting = view.state.kind === 'waiting'
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
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onClaim(code.trim())
      }}
    >
      <Screen
        title={t('title')}
        onBack={onBack}
        foot={
          <Button
            kind="primary"
            type="submit"
            wide
            busy={waiting}
            disabled={!view.online || code.trim() === ''}
          >
            {t(waiting ? 'waiting' : 'claim')}
          </Button>
        }
      >
        <p className="text-lead">{t('lead')}</p>
        <Field
          label={t('code')}
          hint={t('codeHint')}
          value={code}
          disabled={waiting}
          autoCapitalize="characters"
          autoComplete="one-time-code"
          spellCheck={false}
          onChange={(event) => setCode(event.target.value)}
        />
        {view.online ? null : <Notice tone="offline" title={t('offlineTitle')} action={t('offlineAction')} />}
        {view.state.kind === 'failed' ? <RefusalNotice refusal={view.state.refusal} /> : null}
      </Screen>
    </form>
  )
}
