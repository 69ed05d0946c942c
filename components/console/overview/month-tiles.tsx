/** Credit, what this month used of its budgets, and how often the first try was enough. */

import { useTranslations } from 'use-intl/react'
import { useFormat } from '@/lib/format/use-format'
import { Tile, TileLink, type TilesProps } from './risk-tiles'

export function CreditTiles({ dashboard: { money, currency } }: Pick<TilesProps, 'dashboard'>) {
  const t = useTranslations('consoleOverview.credit')
  const format = useFormat()
  return (
    <div className="grid gap-x-8 gap-y-6 border-y border-line py-6 sm:grid-cols-3">
      <Tile
        name={t('free')}
        value={format.money(money.freeMinor, currency)}
        note={t('freeNote')}
        link={{ href: '/fleet/credit', name: t('link') }}
      />
      <Tile
        name={t('setAside')}
        value={format.money(money.setAsideMinor, currency)}
        note={t('setAsideNote')}
        link={{ href: '/fleet/tokens', name: t('tokensLink') }}
      />
      <Tile
        name={t('owed')}
        value={format.money(money.owedMinor, currency)}
        isQuiet={money.owedMinor === 0}
        note={money.owedMinor === 0 ? t('owedNone') : t('owedNote')}
      />
    </div>
  )
}

/** Whole per cents, in the basis points that the format takes. */
const percentBasis = 100

export function MonthTiles({ dashboard: { month, firstTry, currency } }: Pick<TilesProps, 'dashboard'>) {
  const t = useTranslations('consoleOverview.month')
  const format = useFormat()
  const money = (amountMinor: number): string => format.money(amountMinor, currency)
  const share = (part: number, whole: number): string =>
    format.percent(Math.round((part / whole) * 100) * percentBasis)
  return (
    <div className="grid gap-x-8 gap-y-6 border-y border-line py-6 md:grid-cols-3">
      <Tile
        name={t('used')}
        value={money(month.usedMinor)}
        note={
          month.tokensWithBudget === 0
            ? t('noBudget')
            : t('ofBudget', {
                share: share(month.usedOfBudgetMinor, month.budgetMinor),
                budget: money(month.budgetMinor),
                count: month.tokensWithBudget,
              })
        }
      >
        {month.tokensWithBudget === 0 ? null : (
          <meter
            className="my-2 h-3 w-full"
            min={0}
            max={month.budgetMinor}
            value={Math.min(month.usedOfBudgetMinor, month.budgetMinor)}
            aria-label={t('meter')}
          />
        )}
      </Tile>
      <div className="min-w-0">
        <p className="text-mute">{t('nearest')}</p>
        {month.nearest.length === 0 ? (
          <p className="mt-1 text-note text-mute">{t('nearestNone')}</p>
        ) : (
          <ul>
            {month.nearest.map((token) => (
              <li key={token.tokenId} className="flex flex-wrap items-center justify-between gap-x-4">
                <TileLink href={`/fleet/tokens?token=${token.tokenId}`} name={token.driverName} />
                <span className="text-note tabular">
                  {t('nearestOf', {
                    used: money(token.usedMinor),
                    limit: money(token.limitMinor),
                    share: share(token.usedMinor, token.limitMinor),
                  })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <Tile
        name={t('firstTry', { days: firstTry.days })}
        value={firstTry.answered === 0 ? t('unknown') : share(firstTry.atFirst, firstTry.answered)}
        isQuiet={firstTry.answered === 0}
        note={
          firstTry.answered === 0
            ? t('firstTryNone')
            : t('firstTryNote', { answered: firstTry.answered, declined: firstTry.declined })
        }
        age={t('firstTryLimit')}
      />
    </div>
  )
}
