/** Who can still spend from a token, how much and where, until the news of its withdrawal has come everywhere. */

import { useTranslations } from 'use-intl/react'
import { DefinitionRows } from '@/components/ui/definition-rows'
import { Figure } from '@/components/ui/figure'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from '../data-table'
import type { TokenReach } from './tokens-view'

export interface ReachPanelProps {
  readonly reach: TokenReach
  readonly currency: string
  readonly nowS: number
  /** In a dialog: the figures and the sites, without the table of chargers. */
  readonly isShort?: boolean
}

export function ReachPanel({ reach, currency, nowS, isShort = false }: ReachPanelProps) {
  const t = useTranslations('consoleTokens.reach')
  const format = useFormat()
  if (reach.holder === 'nobody') return <p>{t('nobody')}</p>
  if (reach.holder === 'over') return <p>{t('over')}</p>
  const isDone = reach.revokedAtS !== null && reach.heard === reach.chargers
  const when = (atS: number | null): string => (atS === null ? t('never') : format.moment(atS, nowS))
  return (
    <div className="flex flex-col gap-4">
      <Figure
        value={format.money(reach.mostMinor, currency)}
        label={t(isDone ? 'noneLeft' : 'most')}
        note={
          reach.revokedAtS === null
            ? t('before', { chargers: reach.chargers })
            : t('heard', { heard: reach.heard, chargers: reach.chargers })
        }
      />
      <DefinitionRows
        rows={[
          { name: t('left'), value: format.money(reach.leftMinor, currency) },
          { name: t('held'), value: format.money(reach.heldMinor, currency), note: t('heldNote') },
          {
            name: t('perCharger'),
            value:
              reach.strangerCapMinor === null ? t('asMuch') : format.money(reach.strangerCapMinor, currency),
            note: t('perChargerNote', { session: format.money(reach.sessionCapMinor, currency) }),
          },
          ...(reach.endsAtS === null
            ? []
            : [{ name: t('ends'), value: format.moment(reach.endsAtS, nowS), note: t('endsNote') }]),
        ]}
      />
      <Sites reach={reach} when={when} />
      {isShort || reach.unheard.length === 0 || reach.revokedAtS === null ? null : (
        <Unheard reach={reach} currency={currency} when={when} />
      )}
    </div>
  )
}

const sitesShown = 8

function Sites({ reach, when }: { readonly reach: TokenReach; when(atS: number | null): string }) {
  const t = useTranslations('consoleTokens.reach')
  if (reach.sites.length === 0) return <p className="text-mute">{t('noChargers')}</p>
  const shown = reach.sites.slice(0, sitesShown)
  return (
    <div>
      <h3 className="mb-1 font-bold">{t('sites')}</h3>
      <DefinitionRows
        rows={shown.map(({ label, heard, chargers, lastInTouchAtS }) => ({
          name: label,
          value: t(
            reach.revokedAtS === null ? 'chargersThere' : heard === chargers ? 'allHeard' : 'someHeard',
            { heard, chargers },
          ),
          note: t('silentSince', { when: when(lastInTouchAtS) }),
        }))}
      />
      {reach.sites.length > shown.length ? (
        <p className="mt-1 text-note text-mute">
          {t('moreSites', { count: reach.sites.length - shown.length })}
        </p>
      ) : null}
    </div>
  )
}

interface UnheardProps {
  readonly reach: TokenReach
  readonly currency: string
  when(atS: number | null): string
}

function Unheard({ reach, currency, when }: UnheardProps) {
  const t = useTranslations('consoleTokens.reach')
  const format = useFormat()
  const columns: readonly Column<TokenReach['unheard'][number]>[] = [
    {
      id: 'charger',
      head: t('charger'),
      isRowHead: true,
      cell: ({ siteLabel, bayLabel }) => `${siteLabel}, ${bayLabel}`,
    },
    { id: 'touch', head: t('inTouch'), align: 'right', cell: ({ inTouchAtS }) => when(inTouchAtS) },
    {
      id: 'most',
      head: t('mostThere'),
      align: 'right',
      cell: ({ mostMinor }) => format.money(mostMinor, currency),
    },
  ]
  return (
    <div>
      <h3 className="mb-1 font-bold">{t('unheard')}</h3>
      <DataTable
        caption={t('unheard')}
        columns={columns}
        rows={reach.unheard}
        empty=""
        keyOf={({ chargerId }) => chargerId}
      />
    </div>
  )
}
