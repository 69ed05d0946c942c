'use client'

/** What every page of a console stands in: language and light, the door, the rail, and who acts for which organisation. */

import { usePathname, useRouter } from 'next/navigation'
import { useMemo, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { ConsoleDoor } from '@/components/console/console-door'
import { ConsoleFrame } from '@/components/console/console-frame'
import { fleetPlaces } from '@/components/console/fleet-places'
import { operatorPlaces } from '@/components/console/operator-places'
import { Preferences } from '@/components/console/preferences'
import { Button } from '@/components/ui/button'
import { useLanguage } from '@/components/ui/language'
import { Messages } from '@/components/ui/messages'
import { SelectField } from '@/components/ui/select-field'
import { useTheme } from '@/components/ui/theme'
import type { OrganisationKind } from '@/lib/cloud/organisations/roles'
import { chooseLocale, type Locale } from '@/lib/format/locale'
import { ConsoleContextProvider, type ConsoleContext } from './console-context'
import { createConsoleStore, type ConsoleState, type ConsoleStore } from './console-store'
import { operatorWords } from './operator-words'
import { words } from './words'

export interface ConsoleShellProps {
  /** Whose console it is: a fleet's or the operator's own. */
  readonly kind: OrganisationKind
  readonly demo: boolean
  /** A cookie is there, so that it is worth asking. */
  readonly mayBeSignedIn: boolean
  readonly children: ReactNode
}

/** What is not the same in the two consoles. */
const consoles = {
  fleet: { lastKey: 'outpost-fleet', joinPath: '/join', places: fleetPlaces, words },
  operator: {
    lastKey: 'outpost-operator',
    joinPath: '/operator/join',
    places: operatorPlaces,
    words: operatorWords,
  },
} as const satisfies Record<OrganisationKind, unknown>

/** Storage may be shut (private modes): then the first organisation is shown. */
const lastOf = (lastKey: string) => ({
  load: (): string | null => {
    try {
      return window.localStorage.getItem(lastKey)
    } catch {
      return null
    }
  },
  save: (organisationId: string): void => {
    try {
      window.localStorage.setItem(lastKey, organisationId)
    } catch {
      // Asked again next time.
    }
  },
})

const invitationAt = (joinPath: string) => (): string | null => {
  if (typeof window === 'undefined' || window.location.pathname !== joinPath) return null
  try {
    return decodeURIComponent(window.location.hash.slice(1)).slice(0, 64) || null
  } catch {
    return null
  }
}

export function ConsoleShell({ kind, demo, mayBeSignedIn, children }: ConsoleShellProps) {
  const [locale, chooseLanguage] = useLanguage(chooseLocale)
  const [store] = useState(() => {
    const { lastKey, joinPath } = consoles[kind]
    const ports = { invitation: invitationAt(joinPath), last: lastOf(lastKey) }
    return createConsoleStore({ kind, demo, mayBeSignedIn, ...ports })
  })
  const state = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot)
  return (
    <Messages locale={locale} messages={consoles[kind].words[locale]}>
      <Shell kind={kind} store={store} state={state} locale={locale} onLanguage={chooseLanguage}>
        {children}
      </Shell>
    </Messages>
  )
}

interface ShellProps {
  readonly kind: OrganisationKind
  readonly store: ConsoleStore
  readonly state: ConsoleState
  readonly locale: Locale
  readonly children: ReactNode
  onLanguage(locale: Locale): void
}

function Shell({ kind, store, state, locale, children, onLanguage }: ShellProps) {
  const t = useTranslations('console')
  const [theme, chooseTheme] = useTheme()
  const router = useRouter()
  const here = usePathname()
  const preferences = (
    <Preferences locale={locale} theme={theme} onLanguage={onLanguage} onTheme={chooseTheme} />
  )
  if (state.kind === 'door')
    return (
      <ConsoleDoor
        title={t('title')}
        view={state.view}
        foot={preferences}
        onSignIn={store.signIn}
        onSignUp={store.signUp}
        onDemoSignIn={store.signInForDemo}
        onSignOut={store.signOut}
        onTryAgain={store.tryAgain}
        onFound={store.found}
        onJoin={store.join}
      />
    )
  return (
    <ConsoleFrame
      title={t('title')}
      placesLabel={t('places.label')}
      places={consoles[kind].places.map(({ id, href, icon }) => ({
        href,
        icon,
        name: t(`places.${id}`),
        isHere: here === href,
      }))}
      head={<Organisation state={state} onChoose={store.choose} />}
      foot={
        <>
          {preferences}
          <Button kind="quiet" onClick={store.signOut}>
            {t('signOut')}
          </Button>
        </>
      }
      onGo={(href) => router.push(href)}
    >
      <Inside state={state} store={store} locale={locale}>
        {children}
      </Inside>
    </ConsoleFrame>
  )
}

type InsideState = Extract<ConsoleState, { kind: 'inside' }>

interface InsideProps {
  readonly state: InsideState
  readonly store: ConsoleStore
  readonly locale: Locale
  readonly children: ReactNode
}

function Inside({ state: { membership, currency }, store, locale, children }: InsideProps) {
  const context = useMemo((): ConsoleContext => {
    const { kind, organisationId, name, role, acts } = membership
    const allowed: ReadonlySet<string> = new Set(acts)
    return {
      kind,
      organisationId,
      name,
      role,
      currency,
      locale,
      may: (act) => allowed.has(act),
      onRefusal: store.onRefusal,
    }
  }, [membership, currency, locale, store])
  // Another organisation begins with nothing of the one before it.
  return (
    <ConsoleContextProvider key={membership.organisationId} value={context}>
      {children}
    </ConsoleContextProvider>
  )
}

function Organisation({ state, onChoose }: { readonly state: InsideState; onChoose(id: string): void }) {
  const t = useTranslations('console')
  const { membership, memberships } = state
  if (memberships.length === 1)
    return (
      <p className="leading-tight">
        <span className="block font-bold [overflow-wrap:anywhere]">{membership.name}</span>
        <span className="block text-note text-mute">{t(`roles.${membership.role}`)}</span>
      </p>
    )
  return (
    <SelectField
      label={t('organisation')}
      value={membership.organisationId}
      options={memberships.map(({ organisationId, name }) => ({ value: organisationId, label: name }))}
      onChange={onChoose}
    />
  )
}
