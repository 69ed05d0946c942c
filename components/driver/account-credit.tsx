/** Balance and what is taken along on this phone. */

import Ban from 'lucide-react/icons/ban'
import CircleCheck from 'lucide-react/icons/circle-check'
import Clock from 'lucide-react/icons/clock'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { Pill } from '@/components/ui/pill'
import { useFormat } from '@/lib/format/use-format'
import type { AccountProps } from './account-screen'
import { SectionHead } from './screen'

export function Balance({ view, onAddFunds }: Pick<AccountProps, 'view' | 'onAddFunds'>) {
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

export function Grants({
  view,
  onRenew,
  onJoinFleet,
}: Pick<AccountProps, 'view' | 'onRenew' | 'onJoinFleet'>) {
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
