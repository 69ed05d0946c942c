/** First run, screen one of three: what the app does where there is no signal, and the account in the same tap. */

import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { NoSignal } from '@/components/ui/drawings'
import { Mark } from '@/components/ui/mark'
import { Foot } from './screen'
import { SignUpTrouble, type SignUpView } from './sign-up-screen'

export interface WelcomeProps {
  view: Pick<SignUpView, 'online' | 'passkeys' | 'state'>
  /** Makes the account, behind a passkey, right here. */
  onCreate(): void
  onJoinFleet(): void
  /** Without an account: a card pays for one session. */
  onGuest(): void
  /** For somebody who already has an account on another phone. */
  onSignIn(): void
  /** Every passkey is gone: a recovery code. */
  onRecover(): void
}

export function WelcomeScreen(props: WelcomeProps) {
  const { view } = props
  const t = useTranslations('driver.welcome')
  const isCalm = view.online && view.passkeys && view.state.kind !== 'failed'
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-phone flex-col px-5 pt-[env(safe-area-inset-top)]">
      <header className="flex min-h-16 items-center gap-2.5">
        <Mark />
        <span className="text-lead font-bold">Outpost</span>
      </header>
      <main className="flex flex-1 flex-col justify-center gap-5 py-2">
        {isCalm ? (
          <NoSignal className="-mx-1 h-auto w-full max-w-72" />
        ) : (
          // Instead of the drawing, so that it is seen on a short screen as well.
          <div key={view.state.kind} ref={intoView} className="flex scroll-mt-16 flex-col gap-3">
            <SignUpTrouble view={view} />
          </div>
        )}
        <div>
          <h1 className="text-title">{t('title')}</h1>
          <ol className="mt-4 flex flex-col gap-4">
            {(['one', 'two', 'three'] as const).map((key, index) => (
              <li key={key} className="flex gap-4">
                <span
                  aria-hidden="true"
                  className="relative w-4 shrink-0 font-bold tabular before:absolute before:-top-1.5 before:h-1 before:w-4 before:rounded-[2px] before:bg-amber"
                >
                  {index + 1}
                </span>
                <p className="max-w-measure">{t(key)}</p>
              </li>
            ))}
          </ol>
        </div>
        <OtherWays {...props} />
      </main>
      <WelcomeFoot {...props} />
    </div>
  )
}

const intoView = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' })

/** What few need stands with the text: a foot of five acts would cover it on a small phone. */
function OtherWays({ view, onGuest, onSignIn, onRecover }: WelcomeProps) {
  const t = useTranslations('driver.welcome')
  const signUp = useTranslations('driver.signUp')
  const waiting = view.state.kind === 'waiting'
  return (
    <ul className="flex flex-col divide-y divide-line border-y border-line">
      {[
        { label: t('signIn'), onOpen: onSignIn },
        { label: t('guest'), onOpen: onGuest },
        { label: signUp('toRecover'), onOpen: onRecover },
      ].map(({ label, onOpen }) => (
        <li key={label}>
          <Button
            kind="quiet"
            wide
            className="justify-start! px-0! text-left"
            disabled={waiting}
            onClick={onOpen}
          >
            {label}
          </Button>
        </li>
      ))}
    </ul>
  )
}

function WelcomeFoot({ view, onCreate, onJoinFleet }: WelcomeProps) {
  const t = useTranslations('driver.welcome')
  const signUp = useTranslations('driver.signUp')
  const waiting = view.state.kind === 'waiting'
  return (
    <Foot>
      <Button
        kind="primary"
        wide
        busy={waiting}
        disabled={!(view.online && view.passkeys)}
        icon={<FingerprintPattern className="size-6" strokeWidth={1.75} aria-hidden="true" />}
        aria-describedby="welcome-passkey"
        onClick={onCreate}
      >
        {waiting ? signUp('waiting') : t('create')}
      </Button>
      <p id="welcome-passkey" className="text-center text-note text-mute">
        {t('passkey')}
      </p>
      <Button kind="secondary" wide disabled={waiting} onClick={onJoinFleet}>
        {t('joinFleet')}
      </Button>
    </Foot>
  )
}
