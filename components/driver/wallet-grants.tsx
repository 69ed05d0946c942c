/** Grants side by side: what each has left, where it counts, until when, and what can be done about it. */

import Ban from 'lucide-react/icons/ban'
import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import Clock from 'lucide-react/icons/clock'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Pill } from '@/components/ui/pill'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from './screen'
import type { WalletGrant, WalletProps } from './wallet-view'

/** One table of what each state looks like. */
const looks = {
  live: { tone: 'good', Icon: CircleCheck },
  expiring: { tone: 'offline', Icon: RefreshCw },
  used: { tone: 'plain', Icon: Clock },
  expired: { tone: 'offline', Icon: Clock },
  revoked: { tone: 'bad', Icon: Ban },
  closing: { tone: 'plain', Icon: RefreshCw },
  doubted: { tone: 'bad', Icon: CircleAlert },
} as const

export function WalletGrants(props: WalletProps) {
  const { view, onRenew, onPrepareTrip, onJoinFleet } = props
  const t = useTranslations('driver.wallet')
  const hasOwn = view.grants.some(({ kind, state }) => kind === 'roaming' && state !== 'expired')
  return (
    <section>
      <SectionHead>{t('onThisPhone')}</SectionHead>
      {view.grants.length === 0 ? (
        <p className="border-y border-line py-4 text-mute">{t('noGrants')}</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {view.grants.map((grant) => (
            <li key={grant.serial} className="flex flex-col gap-2 py-4">
              <Grant {...props} grant={grant} />
            </li>
          ))}
        </ul>
      )}
      <div className="mt-4 grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
        {view.signedIn && !hasOwn ? (
          <Button
            kind="secondary"
            className="px-3!"
            disabled={!view.online}
            busy={view.busy === 'take-along'}
            onClick={() => onRenew(null)}
          >
            {t('takeAlong')}
          </Button>
        ) : null}
        <Button kind="secondary" className="px-3!" onClick={onPrepareTrip}>
          {t('prepareTrip')}
        </Button>
        <Button kind="secondary" className="px-3!" onClick={onJoinFleet}>
          {t('joinFleet')}
        </Button>
      </div>
    </section>
  )
}

function Grant({ view, grant, onRenew, onGiveBack }: WalletProps & { readonly grant: WalletGrant }) {
  const t = useTranslations('driver.wallet')
  const format = useFormat()
  const { tone, Icon } = looks[grant.state]
  const isOver = grant.state === 'expired' || grant.state === 'revoked'
  const when = format.moment(grant.untilS, view.nowS)
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 flex-1 basis-40">
          <span className="block font-bold">{grant.fleetName ?? t(`purse.${grant.kind}`)}</span>
          <span className="block text-note text-mute">
            {grant.siteLabels === null ? t('everywhere') : grant.siteLabels.join(' · ')}
          </span>
          <span className="block text-note text-mute">
            {isOver
              ? t('ended', { when })
              : t('until', { when, left: format.duration(Math.max(0, grant.untilS - view.nowS)) })}
          </span>
        </span>
        <span className="ml-auto text-right tabular">
          <span className="block text-lead font-bold">{format.money(grant.leftMinor, grant.currency)}</span>
          <span className="block text-note text-mute">
            {t('ofCap', { cap: format.moneyShort(grant.capMinor, grant.currency) })}
          </span>
        </span>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Pill bare tone={tone} icon={<Icon strokeWidth={1.75} aria-hidden="true" />}>
          {t(`state.${grant.state}`)}
        </Pill>
        {grant.paysNext ? <span className="text-note font-bold">{t('paysNext')}</span> : null}
      </div>
      <GrantNotes grant={grant} />
      {grant.act === 'renew' ? (
        <Button
          kind="secondary"
          wide
          disabled={!view.online}
          busy={view.busy === grant.serial}
          onClick={() => onRenew(grant.serial)}
        >
          {t('renew')}
        </Button>
      ) : null}
      {grant.act === 'give-back' ? (
        <Button
          kind="secondary"
          wide
          disabled={!view.online}
          busy={view.busy === grant.serial}
          onClick={() => onGiveBack(grant.serial)}
        >
          {t('giveBack')}
        </Button>
      ) : null}
    </>
  )
}

function GrantNotes({ grant }: { readonly grant: WalletGrant }) {
  const t = useTranslations('driver.wallet')
  const format = useFormat()
  const isAlive = grant.state === 'live' || grant.state === 'expiring'
  return (
    <div className="flex flex-col gap-1 text-note text-mute">
      {grant.state === 'live' ? null : <p>{t(`note.${grant.kind}.${grant.state}`)}</p>}
      {isAlive && grant.todayMinor !== null ? (
        <p>{t('today', { amount: format.money(grant.todayMinor, grant.currency) })}</p>
      ) : null}
      {isAlive && grant.spendsLeft <= 3 ? <p>{t('spendsLeft', { count: grant.spendsLeft })}</p> : null}
    </div>
  )
}
