/**
 * The account's hub: how much there is, then a row to each of its places. What has a place of its own stands there and
 * no longer here.
 */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { LanguageSwitch } from '@/components/ui/language-switch'
import { ListRow } from '@/components/ui/list-row'
import { Notice } from '@/components/ui/notice'
import { ThemeSwitch } from '@/components/ui/theme-switch'
import { localeNames, type Locale } from '@/lib/format/locale'
import { Balance, Grants } from './account-credit'
import { accountRows, hasPlace } from './account-rows'
import { Screen } from './screen'
import { SignOutSheet, type SignOutView } from './sign-out-sheet'

export interface AccountGrant {
  readonly serial: string
  /** Null for one's own credit. */
  readonly fleetName: string | null
  /** Null for roaming grants. */
  readonly siteLabels: readonly string[] | null
  readonly capMinor: number
  readonly leftMinor: number
  readonly currency: string
  readonly expiresAtS: number
  readonly state: 'live' | 'expired' | 'revoked' | 'closing'
}

export interface AccountView {
  /** Null until the account has been read once. */
  readonly account: {
    readonly balanceMinor: number
    /** On this and other phones. */
    readonly reservedMinor: number
    readonly currency: string
    /** When the operator last said so. */
    readonly asOfS: number
  } | null
  readonly signedIn: boolean
  /** What signing out would leave behind. */
  readonly signOut: Omit<SignOutView, 'online' | 'nowS'>
  readonly online: boolean
  readonly grants: readonly AccountGrant[]
  /** Whether the browser promised to keep the storage; null when it was not asked. */
  readonly storageKept: boolean | null
  readonly locale: Locale
  readonly theme: 'day' | 'night' | 'auto'
  readonly nowS: number
}

export interface AccountProps {
  view: AccountView
  onOpen(path: string): void
  onAddFunds(): void
  onRenew(): void
  onJoinFleet(): void
  onSignIn(): void
  /** With the credit on this phone given back, or kept here until its date. */
  onSignOut(givesBack: boolean): Promise<void>
  onLocale(locale: Locale): void
  onTheme(theme: AccountView['theme']): void
  onBack(): void
}

export function AccountScreen(props: AccountProps) {
  const { view } = props
  const t = useTranslations('driver.account')
  const [isLeaving, setIsLeaving] = useState(false)
  return (
    <Screen title={t('title')} onBack={props.onBack}>
      <Balance {...props} />
      {hasPlace('wallet') ? null : <Grants {...props} />}
      <Rows onOpen={props.onOpen} />
      {hasPlace('settings') ? null : <Preferences {...props} />}
      {view.storageKept === false ? (
        <Notice tone="plain" title={t('storageTitle')} action={t('storageAction')} />
      ) : null}
      <section className="mt-auto border-t border-line pt-6">
        {view.signedIn ? (
          <Button kind="secondary" wide onClick={() => setIsLeaving(true)}>
            {t('signOut')}
          </Button>
        ) : (
          <Button kind="secondary" wide disabled={!view.online} onClick={props.onSignIn}>
            {t('signIn')}
          </Button>
        )}
      </section>
      {isLeaving ? (
        <SignOutSheet
          view={{ ...view.signOut, online: view.online, nowS: view.nowS }}
          onSignOut={(givesBack) => props.onSignOut(givesBack).then(() => setIsLeaving(false))}
          onClose={() => setIsLeaving(false)}
        />
      ) : null}
    </Screen>
  )
}

function Rows({ onOpen }: Pick<AccountProps, 'onOpen'>) {
  const t = useTranslations('driver.account.rows')
  return (
    <ul className="divide-y divide-line border-y border-line">
      {accountRows.map(({ id, path, Icon }) => (
        <li key={id}>
          <ListRow
            icon={<Icon className="size-6 shrink-0" strokeWidth={1.75} aria-hidden="true" />}
            title={t(`${id}.title`)}
            note={t(`${id}.note`)}
            onOpen={() => onOpen(path)}
          />
        </li>
      ))}
    </ul>
  )
}

function Preferences({ view, onLocale, onTheme }: AccountProps) {
  const common = useTranslations('common')
  return (
    <section className="flex flex-col gap-6">
      <LanguageSwitch
        legend={common('language')}
        names={localeNames}
        value={view.locale}
        onChange={onLocale}
      />
      <ThemeSwitch
        legend={common('theme')}
        names={{ auto: common('themeAuto'), day: common('themeDay'), night: common('themeNight') }}
        value={view.theme}
        onChange={onTheme}
      />
    </section>
  )
}
