'use client'

/** Wires the tokens of a fleet: the list with its filters in the address, or one of them where the address names it. */

import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { RefusalNotice } from '@/components/console/refusal-notice'
import { TokenScreen } from '@/components/console/tokens/token-screen'
import { TokensScreen } from '@/components/console/tokens/tokens-screen'
import {
  tokenStates,
  type Token,
  type TokenActs,
  type TokenFilter,
  type TokensDialog,
} from '@/components/console/tokens/tokens-view'
import { Spinner } from '@/components/ui/spinner'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { listTokens, readToken, readTokenReach, readTokenTerms } from '@/lib/cloud/operations/tokens'
import type { Answer } from '../../../_console/answer-store'
import { useConsole } from '../../../_console/console-context'
import { useAnswer, type Asked } from '../../../_console/use-answer'
import { useNowS } from '../../../_console/use-now'
import type { DriverAnswer, VehicleAnswer } from '../drivers/answers'
import { driverHolder, useHolders, vehicleHolder } from './use-holders'
import { useTokenActs, type GivenTo } from './use-token-acts'

export function TokensPage() {
  const query = useSearchParams()
  const tokenId = query.get('token')
  return tokenId === null || !/^[0-9a-f]{32}$/.test(tokenId) ? (
    <TokenListPage query={query} />
  ) : (
    <OneTokenPage key={tokenId} tokenId={tokenId} />
  )
}

const pageSize = 50
const pageMost = 200

function TokenListPage({ query }: { readonly query: Pick<URLSearchParams, 'get'> }) {
  const t = useTranslations('consoleTokens')
  const { currency, may } = useConsole()
  const filter = filterOf(query)
  const [count, setCount] = useState(pageSize)
  const asked = useAnswer<AnswerOf<typeof listTokens>>(`/fleet/tokens?${searchOf(filter, count)}`)
  const terms = useAnswer<AnswerOf<typeof readTokenTerms>>('/fleet/token-terms', 30_000)
  const nowS = useNowS()
  const given = useGiven(query, filter)
  const { holders, onFind } = useHolders()
  const { dialog, acts } = useTokenActs({
    refresh: refreshBoth(asked, terms),
    given,
    onClosed: () => {
      if (given !== null) go(`/fleet/tokens?${searchOf(filter)}`)
    },
  })
  const listActs: TokenActs = {
    ...acts,
    onFind,
    onFilter: (next) => go(`/fleet/tokens?${searchOf(next)}`),
    onMore: () => setCount(pageMost),
  }
  const { answer } = asked
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('reach.loadingUsual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  return (
    <TokensScreen
      view={{
        tokens: answer.value.tokens.map(shownToken),
        hasMore: answer.value.next !== null && count < pageMost,
        filter,
        currency,
        terms: valueOf(terms.answer),
        holders,
        may: { issue: may('token.issue'), revoke: may('token.revoke') },
        asOfS: answer.asOfS,
        nowS: Math.max(nowS, answer.asOfS),
        isStale: answer.isStale,
        dialog,
      }}
      acts={listActs}
    />
  )
}

function OneTokenPage({ tokenId }: { readonly tokenId: string }) {
  const t = useTranslations('consoleTokens')
  const { currency, may } = useConsole()
  const asked = useAnswer<AnswerOf<typeof readToken>>(`/fleet/tokens/${tokenId}`)
  const reach = useAnswer<AnswerOf<typeof readTokenReach>>(`/fleet/tokens/${tokenId}/reach`, 5_000)
  const terms = useAnswer<AnswerOf<typeof readTokenTerms>>('/fleet/token-terms', 30_000)
  const nowS = useNowS()
  const { holders, onFind } = useHolders()
  const { dialog, acts } = useTokenActs({
    refresh: async () => {
      await Promise.all([asked.refresh(), reach.refresh(), terms.refresh()])
    },
  })
  const { answer } = asked
  if (answer.kind === 'loading') return <Spinner awaited={t('loading')} usual={t('reach.loadingUsual')} />
  if (answer.kind === 'failed') return <RefusalNotice refusal={answer.refusal} />
  const sites = valueOf(terms.answer)?.sites ?? []
  const known = valueOf(reach.answer)
  return (
    <TokenScreen
      view={{
        token: shownToken(answer.value),
        reach: known,
        siteNames: new Map(sites.map(({ siteId, label }) => [siteId, label])),
        currency,
        may: { issue: may('token.issue'), revoke: may('token.revoke') },
        asOfS: answer.asOfS,
        nowS: Math.max(nowS, answer.asOfS),
        isStale: answer.isStale,
      }}
      terms={valueOf(terms.answer)}
      holders={holders}
      dialog={withReach(dialog, known)}
      acts={{ ...acts, onFind, onFilter: nothing, onMore: nothing }}
    />
  )
}

const nothing = (): void => undefined

type Listed = AnswerOf<typeof readToken>

const shownToken = (token: Listed): Token => {
  const { driver, vehicle, rules } = token
  const { driverId, vehicleId } = rules
  return {
    ...token,
    driver: driverId === null ? null : { id: driverId, label: driver?.name ?? token.driverName },
    vehicle: vehicleId === null ? null : { id: vehicleId, label: vehicle?.plate ?? '–' },
  }
}

/** The driver or the vehicle for whom the address asks for a token; null until it is known, and where it asks for none. */
function useGiven(query: Pick<URLSearchParams, 'get'>, { driver, vehicle }: TokenFilter): GivenTo | null {
  const asks = query.get('give') === '1'
  const driverRow = useAnswer<DriverAnswer>(
    asks && driver !== '' ? `/fleet/drivers/${driver}` : null,
    60_000,
  ).answer
  const vehicleRow = useAnswer<VehicleAnswer>(
    asks && vehicle !== '' ? `/fleet/vehicles/${vehicle}` : null,
    60_000,
  ).answer
  if (driverRow.kind === 'there') return { driver: driverHolder(driverRow.value), vehicle: null }
  if (vehicleRow.kind === 'there') return { driver: null, vehicle: vehicleHolder(vehicleRow.value) }
  return null
}

const withReach = (dialog: TokensDialog, reach: AnswerOf<typeof readTokenReach> | null): TokensDialog =>
  dialog.kind === 'withdraw' ? { ...dialog, reach } : dialog

const valueOf = <T,>(answer: Answer<T>): T | null => (answer.kind === 'there' ? answer.value : null)

const refreshBoth = (one: Asked<unknown>, other: Asked<unknown>) => async (): Promise<void> => {
  await Promise.all([one.refresh(), other.refresh()])
}

/** Next keeps the hook of search parameters in step with it. */
const go = (address: string): void => window.history.replaceState(null, '', address)

function filterOf(query: Pick<URLSearchParams, 'get'>): TokenFilter {
  const wanted = query.get('state')
  return {
    state: tokenStates.find((state) => state === wanted) ?? 'all',
    search: (query.get('search') ?? '').slice(0, 60),
    driver: idIn(query.get('driver')),
    vehicle: idIn(query.get('vehicle')),
  }
}

/** Whatever else stands in an address is left out. */
const idIn = (text: string | null): string => (text !== null && /^[0-9a-f]{8,64}$/.test(text) ? text : '')

function searchOf({ state, search, driver, vehicle }: TokenFilter, limit?: number): string {
  const query = new URLSearchParams()
  if (state !== 'all') query.set('state', state)
  if (search !== '') query.set('search', search)
  if (driver !== '') query.set('driver', driver)
  if (vehicle !== '') query.set('vehicle', vehicle)
  if (limit !== undefined) query.set('limit', String(limit))
  return query.toString()
}
