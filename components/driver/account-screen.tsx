/** Balance, what is on this phone and until when, language, light, and the way out. */

import Ban from 'lucide-react/icons/ban'
import CircleCheck from 'lucide-react/icons/circle-check'
import Clock from 'lucide-react/icons/clock'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/ui/figure'
import { HoldButton } from '@/components/ui/hold-button'
import { LanguageSwitch } from '@/components/ui/language-switch'
import { Notice } from '@/components/ui/notice'
import { Pill } from '@/components/ui/pill'
import { ThemeSwitch } from '@/components/ui/theme-switch'
import { localeNames, type Locale } from '@/lib/format/locale'
import { useFormat } from '@/lib/format/use-format'
import { Screen, SectionHead } from './screen'

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
  onAddFunds(): void
  onRenew(): void
  onJoinFleet(): void
  onSignIn(): void
  onSignOut(): void
  onLocale(locale: Locale): void
  onTheme(theme: AccountView['theme']): void
  onBack(): void
}

export function AccountScreen(props: AccountProps) {
  const { view } = props
  const t = useTranslations('driver.account')
  const common = useTranslations('common')
  return (
    <Screen title={t('title')} onBack={props.onBack}>
      <Balance {...props} />
      <Grants {...props} />
      <section className="flex flex-col gap-6">
        <LanguageSwitch
          legend={common('language')}
          names={localeNames}
          value={view.locale}
          onChange={props.onLocale}
        />
        <ThemeSwitch
          legend={common('theme')}
          names={{ auto: common('themeAuto'), day: common('themeDay'), night: common('themeNight') }}
          value={view.theme}
          onChange={props.onTheme}
        />
      </section>
      {view.storageKept === false ? (
        <Notice tone="plain" title={t('storageTitle')} action={t('storageAction')} />
      ) : null}
      <section className="mt-auto border-t border-line pt-6">
        {view.signedIn ? (
          <HoldButton wide hint={t('signOutHint')} onHeld={props.onSignOut}>
            {t('signOut')}
          </HoldButton>
        ) : (
          <Button kind="secondary" wide disabled={!view.online} onClick={props.onSignIn}>
            {t('signIn')}
          </Button>
        )}
      </section>
    </Screen>
  )
}

function Balance({ view, onAddFunds }: AccountProps) {
  const t = useTranslations('driver.account')
  const format = useFormat()
  if (view.account === null) {
    return <Notice tone="offline" title={t('unreadTitle')} action={t('unreadAction')} />
  }
  const { account } = view
  return (
    <section className="flex flex-col gap-4">
      <Figure
        label={t('balance')}
        value={format.money(account.balanceMinor, account.currency)}
        note={
          <p className="text-body text-mute">
            {t('reserved', { amount: format.money(account.reservedMinor, account.currency) })}
            <span className="block text-note">
              {t('asOf', { age: format.age(account.asOfS, view.nowS) })}
            </span>
          </p>
        }
      />
      <Button kind="primary" wide disabled={!view.online} onClick={onAddFunds}>
        {t('addFunds')}
      </Button>
      {view.online ? null : <p className="text-center text-note text-mute">{t('addFundsOffline')}</p>}
    </section>
  )
}

const grantLooks = {
  live: { tone: 'good', Icon: CircleCheck },
  expired: { tone: 'offline', Icon: Clock },
  revoked: { tone: 'bad', Icon: Ban },
  closing: { tone: 'plain', Icon: Clock },
} as const

function Grants({ view, onRenew, onJoinFleet }: AccountProps) {
  const t = useTranslations('driver.account')
  const format = useFormat()
  return (
    <section>
      <SectionHead>{t('onThisPhone')}</SectionHead>
      {view.grants.length === 0 ? (
        <p className="border-y border-line py-4 text-mute">{t('noGrants')}</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {view.grants.map((grant) => {
            const { tone, Icon } = grantLooks[grant.state]
            return (
              <li
                key={grant.serial}
                className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-3"
              >
                <span className="min-w-0">
                  <span className="block font-bold">{grant.fleetName ?? t('ownCredit')}</span>
                  <span className="block text-note text-mute">
                    {t(grant.state === 'expired' ? 'expiredAt' : 'validUntil', {
                      when: format.moment(grant.expiresAtS, view.nowS),
                    })}
                  </span>
                  <span className="block text-note text-mute">
                    {grant.siteLabels === null ? t('everywhere') : grant.siteLabels.join(', ')}
                  </span>
                </span>
                <span className="ml-auto text-right tabular">
                  <span className="block font-bold">{format.money(grant.leftMinor, grant.currency)}</span>
                  <span className="block text-note text-mute">
                    {t('ofCap', { cap: format.moneyShort(grant.capMinor, grant.currency) })}
                  </span>
                  <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
                    {t(`grantState.${grant.state}`)}
                  </Pill>
                </span>
              </li>
            )
          })}
        </ul>
      )}
      <div className="mt-4 grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        <Button kind="secondary" className="px-3!" disabled={!view.online} onClick={onRenew}>
          {t('renew')}
        </Button>
        <Button kind="secondary" className="px-3!" onClick={onJoinFleet}>
          {t('joinFleet')}
        </Button>
      </div>
    </section>
  )
}
