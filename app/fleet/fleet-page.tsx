'use client'

/** Wires the fleet console to its store, in the manager's language and light. */

import { useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { useLanguage } from '@/components/ui/language'
import { Messages } from '@/components/ui/messages'
import { useTheme } from '@/components/ui/theme'
import { FleetDoor } from '@/components/console/fleet-door'
import { FleetScreen } from '@/components/console/fleet-screen'
import { Preferences } from '@/components/console/preferences'
import { chooseLocale, type Locale } from '@/lib/format/locale'
import germanCommon from '@/lib/format/messages/de/common.json'
import germanConsole from '@/lib/format/messages/de/console.json'
import germanReasons from '@/lib/format/messages/de/reasons.json'
import englishCommon from '@/lib/format/messages/en/common.json'
import englishConsole from '@/lib/format/messages/en/console.json'
import englishReasons from '@/lib/format/messages/en/reasons.json'
import { createFleetStore, type FleetPageState, type FleetStore } from './fleet-store'

const words = {
  en: { common: englishCommon, console: englishConsole, reasons: englishReasons },
  de: { common: germanCommon, console: germanConsole, reasons: germanReasons },
} as const satisfies Record<Locale, unknown>

export interface FleetPageProps {
  readonly demo: boolean
  /** A cookie is there, so that it is worth asking. */
  readonly mayBeSignedIn: boolean
}

export function FleetPage({ demo, mayBeSignedIn }: FleetPageProps) {
  const [locale, chooseLanguage] = useLanguage(chooseLocale)
  const [store] = useState(() => createFleetStore(demo, mayBeSignedIn))
  const state = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot)
  return (
    <Messages locale={locale} messages={words[locale]}>
      <Page store={store} state={state} locale={locale} onLanguage={chooseLanguage} />
    </Messages>
  )
}

interface PageProps {
  readonly store: FleetStore
  readonly state: FleetPageState
  readonly locale: Locale
  onLanguage(locale: Locale): void
}

function Page({ store, state, locale, onLanguage }: PageProps) {
  const t = useTranslations('console')
  const [theme, chooseTheme] = useTheme()
  const foot = (
    <>
      <Preferences locale={locale} theme={theme} onLanguage={onLanguage} onTheme={chooseTheme} />
      {state.kind === 'fleet' ? (
        <Button kind="quiet" onClick={store.signOut}>
          {t('signOut')}
        </Button>
      ) : null}
    </>
  )
  return state.kind === 'fleet' ? (
    <FleetScreen view={state.view} acts={store.acts} foot={foot} />
  ) : (
    <FleetDoor
      view={state.view}
      foot={foot}
      onSignIn={store.signIn}
      onDemoSignIn={store.signInForDemo}
      onSignOut={store.signOut}
      onTryAgain={store.refresh}
    />
  )
}
