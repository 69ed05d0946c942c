/** Creates an account with a passkey, or signs in with one. No names, no passwords. */

import Check from 'lucide-react/icons/check'
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { RefusalNotice } from './refusal-notice'
import { Screen } from './screen'
import type { Refusal } from '@/lib/core/reason'

export interface SignUpView {
  readonly mode: 'create' | 'sign-in'
  readonly online: boolean
  /** False where the browser has no passkeys at all. */
  readonly passkeys: boolean
  readonly state:
    | { readonly kind: 'ready' }
    /** The phone's own passkey sheet is open, or the server is answering. */
    | { readonly kind: 'waiting' }
    | { readonly kind: 'failed'; readonly refusal: Refusal }
}

export interface SignUpProps {
  view: SignUpView
  onCreate(): void
  onSignIn(): void
  /** Goes from creating to signing in and the other way round. */
  onSwitchMode(): void
  /** Every passkey is gone: a recovery code. */
  onRecover(): void
  onBack(): void
}

export function SignUpScreen({ view, onCreate, onSignIn, onSwitchMode, onRecover, onBack }: SignUpProps) {
  const t = useTranslations('driver.signUp')
  const creating = view.mode === 'create'
  const waiting = view.state.kind === 'waiting'
  const possible = view.online && view.passkeys
  return (
    <Screen
      title={t(creating ? 'createTitle' : 'signInTitle')}
      onBack={onBack}
      foot={
        <>
          <Button
            kind="primary"
            wide
            busy={waiting}
            disabled={!possible}
            icon={<FingerprintPattern className="size-6" strokeWidth={1.75} aria-hidden="true" />}
            onClick={creating ? onCreate : onSignIn}
          >
            {t(waiting ? 'waiting' : creating ? 'create' : 'signIn')}
          </Button>
          <Button kind="quiet" wide disabled={waiting} onClick={onSwitchMode}>
            {t(creating ? 'toSignIn' : 'toCreate')}
          </Button>
          {creating ? null : (
            <Button kind="quiet" wide disabled={waiting} onClick={onRecover}>
              {t('toRecover')}
            </Button>
          )}
        </>
      }
    >
      <p className="text-lead">{t(creating ? 'createLead' : 'signInLead')}</p>
      {creating ? (
        <ul className="flex flex-col divide-y divide-line border-y border-line">
          {(['noName', 'noPassword', 'lostPhone'] as const).map((key) => (
            <li key={key} className="flex gap-3 py-3">
              <Check className="mt-0.5 size-icon shrink-0 text-good" strokeWidth={2.25} aria-hidden="true" />
              <p>{t(key)}</p>
            </li>
          ))}
        </ul>
      ) : null}
      <SignUpTrouble view={view} />
    </Screen>
  )
}

/** What keeps an account from being made here and now. */
export function SignUpTrouble({ view }: { readonly view: Omit<SignUpView, 'mode'> }) {
  const t = useTranslations('driver.signUp')
  return (
    <>
      {view.online ? null : <Notice tone="offline" title={t('offlineTitle')} action={t('offlineAction')} />}
      {view.passkeys ? null : (
        <Notice tone="bad" title={t('noPasskeysTitle')} action={t('noPasskeysAction')} />
      )}
      {view.state.kind === 'failed' ? <RefusalNotice refusal={view.state.refusal} /> : null}
    </>
  )
}
