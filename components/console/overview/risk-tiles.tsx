/** What is out of sight: the most it can cost, whose news it waits for, doubts and refunds; each leads to its rows. */

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { Figure } from '@/components/ui/figure'
import { useFormat } from '@/lib/format/use-format'
import type { Dashboard } from './overview-view'

export interface TilesProps {
  readonly dashboard: Dashboard
  readonly nowS: number
}

export function RiskTiles({ dashboard, nowS }: TilesProps) {
  const t = useTranslations('consoleOverview.risk')
  const format = useFormat()
  const { currency, risk, unsyncedCharger, unsyncedPhone, doubts, refunds } = dashboard
  const money = (amountMinor: number): string => format.money(amountMinor, currency)
  const since = (atS: number | null): string => (atS === null ? '' : format.age(atS, nowS))
  return (
    <div className="border-y border-line py-6">
      <Figure
        label={t('held')}
        value={money(risk.heldMinor)}
        note={
          <p className="text-body text-mute">
            {risk.sessions === 0
              ? t('heldNone')
              : t('heldNote', { count: risk.sessions, since: since(risk.oldestAtS) })}{' '}
            {risk.sessions === 0 ? null : <TileLink href="/fleet/sessions?state=seen" name={t('heldLink')} />}
          </p>
        }
      />
      <div className="mt-8 grid gap-x-8 gap-y-6 sm:grid-cols-2 xl:grid-cols-4">
        <Tile
          name={t('charger')}
          value={unsyncedCharger === null ? t('none') : since(unsyncedCharger.sinceS)}
          isQuiet={unsyncedCharger === null}
          note={
            unsyncedCharger === null
              ? t('chargerNone')
              : t('chargerNote', {
                  place:
                    [unsyncedCharger.siteLabel, unsyncedCharger.bayLabel].filter(Boolean).join(', ') ||
                    unsyncedCharger.chargerId,
                  amount: money(unsyncedCharger.heldMinor),
                })
          }
          age={
            unsyncedCharger === null
              ? null
              : unsyncedCharger.lastHeardAtS === null
                ? t('neverHeard')
                : t('heard', { age: since(unsyncedCharger.lastHeardAtS) })
          }
          link={
            unsyncedCharger === null ? null : { href: '/fleet/sessions?state=phone', name: t('chargerLink') }
          }
        />
        <Tile
          name={t('phone')}
          value={unsyncedPhone === null ? t('none') : since(unsyncedPhone.sinceS)}
          isQuiet={unsyncedPhone === null}
          note={
            unsyncedPhone === null
              ? t('phoneNone')
              : t('phoneNote', {
                  name: unsyncedPhone.driverName,
                  amount: money(unsyncedPhone.heldMinor),
                })
          }
          link={
            unsyncedPhone === null
              ? null
              : { href: `/fleet/tokens?token=${unsyncedPhone.tokenId}`, name: t('phoneLink') }
          }
        />
        <Tile
          name={t('doubts')}
          value={doubts.cases === 0 ? t('none') : format.count(doubts.cases)}
          isQuiet={doubts.cases === 0}
          note={
            doubts.cases === 0
              ? t('doubtsNone')
              : t('doubtsNote', { count: doubts.doubleSpends, amount: money(doubts.disputedMinor) })
          }
          age={doubts.oldestAtS === null ? null : t('oldest', { age: since(doubts.oldestAtS) })}
          link={doubts.cases === 0 ? null : { href: '/fleet/sessions?state=case', name: t('doubtsLink') }}
        />
        <Tile
          name={t('refunds')}
          value={refunds.count === 0 ? t('none') : money(refunds.amountMinor)}
          isQuiet={refunds.count === 0}
          note={refunds.count === 0 ? t('refundsNone') : t('refundsNote', { count: refunds.count })}
          age={refunds.oldestAtS === null ? null : t('oldest', { age: since(refunds.oldestAtS) })}
        />
      </div>
    </div>
  )
}

export interface TileProps {
  readonly name: string
  readonly value: string
  readonly note: string
  /** Nothing there: said quietly. */
  readonly isQuiet?: boolean
  readonly age?: string | null
  readonly link?: { readonly href: string; readonly name: string } | null
  readonly children?: ReactNode
}

export function Tile({ name, value, note, isQuiet = false, age = null, link = null, children }: TileProps) {
  return (
    <div className="min-w-0">
      <p className="text-mute">{name}</p>
      <p className={`text-title tabular [overflow-wrap:anywhere] ${isQuiet ? 'text-mute' : 'font-bold'}`}>
        {value}
      </p>
      {children}
      <p className="text-note text-mute">{note}</p>
      {age === null ? null : <p className="text-note text-mute tabular">{age}</p>}
      {link === null ? null : (
        <p>
          <TileLink {...link} />
        </p>
      )}
    </div>
  )
}

export function TileLink({ href, name }: { readonly href: string; readonly name: string }) {
  return (
    <a
      href={href}
      className="inline-flex min-h-target items-center text-note font-bold underline underline-offset-4"
    >
      {name}
    </a>
  )
}
