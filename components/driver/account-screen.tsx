/** The account's hub: how much there is, a row to each of its places, and the way out. */

import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/ui/figure'
import { ListRow } from '@/components/ui/list-row'
import { Notice } from '@/components/ui/notice'
import { useFormat } from '@/lib/format/use-format'
import { accountRows } from './account-rows'
import { Screen } from './screen'
import { SignOutSheet, type SignOutView } from './sign-out-sheet'

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
  /** Whether the browser promised to keep the storage; null when it was not asked. */
  readonly storageKept: boolean | null
  readonly nowS: number
}

export interface AccountProps {
  view: AccountView
  onOpen(path: string): void
  onAddFunds(): void
  onSignIn(): void
  /** With the credit on this phone given back, or kept here until its date. */
  onSignOut(givesBack: boolean): Promise<void>
  onBack(): void
}

export function AccountScreen(props: AccountProps) {
  const { view } = props
  const t = useTranslations('driver.account')
  const [isLeaving, setIsLeaving] = useState(false)
  return (
    <Screen title={t('title')} onBack={props.onBack}>
      <Balance {...props} />
      <Rows onOpen={props.onOpen} />
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

function Balance({ view, onAddFunds }: Pick<AccountProps, 'view' | 'onAddFunds'>) {
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
