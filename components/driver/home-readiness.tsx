/** The upper half of Home: the pill, the figure, until when, and what a charger new to this wallet accepts. */

import CircleCheck from 'lucide-react/icons/circle-check'
import CloudOff from 'lucide-react/icons/cloud-off'
import RefreshCw from 'lucide-react/icons/refresh-cw'
import Wallet from 'lucide-react/icons/wallet'
import Wifi from 'lucide-react/icons/wifi'
import { useTranslations } from 'use-intl/react'
import { Ridge } from '@/components/ui/drawings'
import { Figure } from '@/components/ui/figure'
import { Notice } from '@/components/ui/notice'
import { Pill } from '@/components/ui/pill'
import { useFormat } from '@/lib/format/use-format'

export type HomeReadiness =
  /** The wallet is being read from the phone's storage. */
  | { readonly kind: 'loading' }
  /** No grant yet: the account is empty or new. `balanceMinor` is what could be taken along now. */
  | { readonly kind: 'empty'; readonly balanceMinor: number; readonly currency: string }
  | {
      readonly kind: 'ready'
      readonly spendableMinor: number
      readonly currency: string
      readonly untilS: number
      /** What a charger that has never seen this wallet accepts, without and with a passkey. */
      readonly newChargerMinor: number
      /** Null where the phone has no passkey. */
      readonly newChargerPasskeyMinor: number | null
      /** The figure counts at these sites alone; null: everywhere. */
      readonly onlyAt: readonly string[] | null
      /** What certain sites take beside it, or null. */
      readonly atSites: {
        readonly siteLabels: readonly string[]
        readonly amountMinor: number
        readonly untilS: number
      } | null
      /** Who pays, when it is a fleet. */
      readonly fleetName: string | null
      /** True in the last day before `untilS`: go online to renew. */
      readonly endsSoon: boolean
      /**
       * Whether the app itself opens without signal. Credit alone is not enough: `keeping` while it is still being
       * fetched, `not-kept` where this browser does not keep it.
       */
      readonly app: 'kept' | 'keeping' | 'not-kept'
    }
  | {
      readonly kind: 'renewal'
      readonly why: 'expired' | 'spent' | 'revoked' | 'spends-used' | 'closing' | 'contradicted'
      readonly currency: string
      /** What is left of it, to be moved to the next grant. */
      readonly leftMinor: number
    }

export interface HomeReadinessProps {
  readonly readiness: HomeReadiness
  readonly online: boolean
  readonly nowS: number
}

export function HomeReadinessPart({ readiness, online, nowS }: HomeReadinessProps) {
  const t = useTranslations('driver.home')
  switch (readiness.kind) {
    case 'loading':
      return (
        <section role="status">
          <h1 className="sr-only">{t('loading')}</h1>
          <div className="h-9 w-36 rounded-full bg-line" />
          <div className="mt-6 h-14 w-56 max-w-full rounded-inner bg-line" />
          <div className="mt-5 h-5 w-44 max-w-full rounded-inner bg-line" />
          <Ridge lit={false} className="mt-6 h-18 w-full" />
        </section>
      )
    case 'ready':
      return <Ready readiness={readiness} online={online} nowS={nowS} />
    case 'empty':
      return <Empty readiness={readiness} online={online} />
    case 'renewal':
      return <Renewal readiness={readiness} online={online} />
  }
}

type Of<Kind extends HomeReadiness['kind']> = Extract<HomeReadiness, { kind: Kind }>

function Ready({ readiness, online, nowS }: HomeReadinessProps & { readonly readiness: Of<'ready'> }) {
  const t = useTranslations('driver.home')
  const pill = useTranslations('driver.pill')
  const format = useFormat()
  const { currency } = readiness
  const until = format.moment(readiness.untilS, nowS)
  return (
    <section className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-2">
        <ReadyPill online={online} app={readiness.app} />
        {readiness.endsSoon ? (
          <Pill tone="offline" icon={<RefreshCw strokeWidth={1.75} aria-hidden="true" />}>
            {t('endsSoonPill')}
          </Pill>
        ) : null}
      </div>
      <Figure
        as="h1"
        value={format.money(readiness.spendableMinor, currency)}
        note={
          <>
            <p>{t('until', { when: until })}</p>
            <p className="text-body text-mute">
              {readiness.fleetName !== null
                ? t('fleetPays', { fleet: readiness.fleetName })
                : t(readiness.app === 'kept' ? 'noSignalNeeded' : 'toSpend')}
            </p>
          </>
        }
      />
      {readiness.app === 'kept' ? null : (
        <Notice
          tone="offline"
          title={pill(appPill(readiness.app, online))}
          action={t(readiness.app === 'not-kept' ? 'notKept' : online ? 'keeping' : 'keepingOffline')}
        />
      )}
      <Ridge lit className="h-18 w-full" />
      {readiness.onlyAt === null ? null : (
        <p className="text-note">{t('onlyAt', { sites: readiness.onlyAt.join(', ') })}</p>
      )}
      {readiness.atSites === null ? null : (
        <AtSites atSites={readiness.atSites} currency={currency} nowS={nowS} />
      )}
      <p className="text-note text-mute">
        {readiness.newChargerPasskeyMinor === null
          ? t('newCharger', { amount: format.moneyShort(readiness.newChargerMinor, currency) })
          : t('newChargerPasskey', {
              amount: format.moneyShort(readiness.newChargerMinor, currency),
              passkeyAmount: format.moneyShort(readiness.newChargerPasskeyMinor, currency),
            })}
      </p>
    </section>
  )
}

interface AtSitesProps {
  readonly atSites: NonNullable<Of<'ready'>['atSites']>
  readonly currency: string
  readonly nowS: number
}

/** Two names are read at a glance; the wallet has the rest. */
const namedMax = 2

function AtSites({ atSites, currency, nowS }: AtSitesProps) {
  const t = useTranslations('driver.home')
  const format = useFormat()
  const named = atSites.siteLabels.slice(0, namedMax)
  const more = atSites.siteLabels.length - named.length
  return (
    <p className="text-note">
      {t('sites', {
        amount: format.money(atSites.amountMinor, currency),
        sites: [...named, ...(more > 0 ? [t('moreSites', { count: more })] : [])].join(', '),
        when: format.moment(atSites.untilS, nowS),
      })}
    </p>
  )
}

function appPill(app: 'keeping' | 'not-kept', online: boolean) {
  if (app === 'not-kept') return 'onlineOnly'
  return online ? 'almostReady' : 'notReadyOffline'
}

/** Offline is the calm normal case; online adds that news can be fetched. Both can charge, once the app is kept as well. */
function ReadyPill({ online, app }: { readonly online: boolean; readonly app: Of<'ready'>['app'] }) {
  const t = useTranslations('driver.pill')
  if (online) {
    return (
      <Pill tone="good" icon={<Wifi strokeWidth={1.75} aria-hidden="true" />}>
        {t('online')}
      </Pill>
    )
  }
  return app === 'kept' ? (
    <Pill tone="good" icon={<CircleCheck strokeWidth={1.75} aria-hidden="true" />}>
      {t('readyOffline')}
    </Pill>
  ) : (
    <Pill tone="offline" icon={<CloudOff strokeWidth={1.75} aria-hidden="true" />}>
      {t('offline')}
    </Pill>
  )
}

function Empty({ readiness, online }: { readonly readiness: Of<'empty'>; readonly online: boolean }) {
  const t = useTranslations('driver.home')
  const pill = useTranslations('driver.pill')
  const format = useFormat()
  const hasBalance = readiness.balanceMinor > 0
  return (
    <section className="flex flex-col gap-5">
      <div>
        <Pill
          tone={online ? 'plain' : 'offline'}
          icon={
            online ? (
              <Wallet strokeWidth={1.75} aria-hidden="true" />
            ) : (
              <CloudOff strokeWidth={1.75} aria-hidden="true" />
            )
          }
        >
          {pill(online ? 'notReady' : 'offline')}
        </Pill>
      </div>
      <Figure
        as="h1"
        value={format.money(readiness.balanceMinor, readiness.currency)}
        note={<p>{t(hasBalance ? 'emptyBalance' : 'emptyNothing')}</p>}
      />
      <Ridge lit={false} className="h-18 w-full" />
      <p className="max-w-measure text-mute">
        {t(online ? (hasBalance ? 'emptyTakeAlong' : 'emptyAdd') : 'emptyOffline')}
      </p>
    </section>
  )
}

function Renewal({ readiness, online }: { readonly readiness: Of<'renewal'>; readonly online: boolean }) {
  const t = useTranslations('driver.home')
  const pill = useTranslations('driver.pill')
  const format = useFormat()
  return (
    <section className="flex flex-col gap-5">
      <div>
        <Pill tone="bad" icon={<RefreshCw strokeWidth={1.75} aria-hidden="true" />}>
          {pill('needsRenewal')}
        </Pill>
      </div>
      <Figure
        as="h1"
        value={format.money(readiness.leftMinor, readiness.currency)}
        note={<p>{t(`renewalWhy.${readiness.why}`)}</p>}
      />
      <Ridge lit={false} className="h-18 w-full" />
      <p className="max-w-measure text-mute">{t(renewalNote(readiness.why, online))}</p>
    </section>
  )
}

function renewalNote(why: Of<'renewal'>['why'], online: boolean) {
  if (why === 'closing') return 'renewalClosing'
  if (why === 'contradicted') return 'renewalContradicted'
  return online ? 'renewalOnline' : 'renewalOffline'
}
