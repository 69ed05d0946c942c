/** First run, screen one of three: what the app does where there is no signal. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { NoSignal } from '@/components/ui/drawings'
import { Mark } from '@/components/ui/mark'
import { Foot } from './screen'

export interface WelcomeProps {
  onAddFunds(): void
  onJoinFleet(): void
  /** Without an account: a card pays for one session. */
  onGuest(): void
  /** For somebody who already has an account on another phone. */
  onSignIn(): void
}

export function WelcomeScreen({ onAddFunds, onJoinFleet, onGuest, onSignIn }: WelcomeProps) {
  const t = useTranslations('driver.welcome')
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-phone flex-col px-5 pt-[env(safe-area-inset-top)]">
      <header className="flex min-h-16 items-center gap-2.5">
        <Mark />
        <span className="text-lead font-bold">Outpost</span>
      </header>
      <main className="flex flex-1 flex-col justify-center gap-8 py-4">
        <NoSignal className="-mx-1 h-auto w-full max-w-96" />
        <div>
          <h1 className="text-title">{t('title')}</h1>
          <ol className="mt-5 flex flex-col gap-5">
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
      </main>
      <Foot>
        <Button kind="primary" wide onClick={onAddFunds}>
          {t('addFunds')}
        </Button>
        <Button kind="secondary" wide onClick={onJoinFleet}>
          {t('joinFleet')}
        </Button>
        <Button kind="secondary" wide onClick={onGuest}>
          {t('guest')}
        </Button>
        <Button kind="quiet" wide onClick={onSignIn}>
          {t('signIn')}
        </Button>
      </Foot>
    </div>
  )
}
