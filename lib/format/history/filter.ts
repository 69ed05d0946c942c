/** Which charges somebody wants to see. The filter lives in the address, so that back, reload and links keep it. */

import { chargeStates, payers, type ChargeRecord, type ChargeState, type Payer } from './charge-record'
import { monthKeyOf } from './months'

export interface ChargeFilter {
  /** A year ("2026"), a month ("2026-08") or null for all time. */
  readonly period: string | null
  /** Site id. */
  readonly site: string | null
  readonly state: ChargeState | null
  readonly payer: Payer | null
  /** Words that must all occur. */
  readonly search: string
}

export const noFilter: ChargeFilter = { period: null, site: null, state: null, payer: null, search: '' }

/** Longer searches find nothing that shorter ones do not; addresses stay short. */
export const searchCharsMax = 60

const periodPattern = /^\d{4}(?:-(?:0[1-9]|1[0-2]))?$/
const sitePattern = /^[\w.-]{1,64}$/

/** From the query of an address that anybody may have written: what means nothing is left out. */
export function parseFilter(query: { get(name: string): string | null }): ChargeFilter {
  const matching = (name: string, pattern: RegExp): string | null => {
    const text = query.get(name)
    return text !== null && pattern.test(text) ? text : null
  }
  return {
    period: matching('period', periodPattern),
    site: matching('site', sitePattern),
    state: chargeStates.find((state) => state === query.get('state')) ?? null,
    payer: payers.find((payer) => payer === query.get('paid')) ?? null,
    search: (query.get('q') ?? '').slice(0, searchCharsMax),
  }
}

/** The query with its `?`, or nothing at all where nothing is filtered. */
export function filterQuery({ period, site, state, payer, search }: ChargeFilter): string {
  const query = new URLSearchParams()
  if (period !== null) query.set('period', period)
  if (site !== null) query.set('site', site)
  if (state !== null) query.set('state', state)
  if (payer !== null) query.set('paid', payer)
  if (search.trim() !== '') query.set('q', search)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** How many conditions there are, the search apart. */
export const conditionCount = ({ period, site, state, payer }: ChargeFilter): number =>
  [period, site, state, payer].filter((condition) => condition !== null).length

export const isFiltered = (filter: ChargeFilter): boolean =>
  conditionCount(filter) > 0 || filter.search.trim() !== ''

export function filterCharges(
  charges: readonly ChargeRecord[],
  filter: ChargeFilter,
  timeZone: string,
): readonly ChargeRecord[] {
  const words = folded(filter.search).split(/\s+/).filter(Boolean)
  return charges.filter(
    (charge) =>
      (filter.period === null || monthKeyOf(charge.endedAtS, timeZone).startsWith(filter.period)) &&
      (filter.site === null || charge.siteId === filter.site) &&
      (filter.state === null || charge.state === filter.state) &&
      (filter.payer === null || charge.payer === filter.payer) &&
      (words.length === 0 || matches(charge, words)),
  )
}

/** Case and accents make no difference: "zurich" finds "Zürich". */
const folded = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase()

function matches(charge: ChargeRecord, words: readonly string[]): boolean {
  const { siteLabel, bayLabel, chargerId, operatorName, fleetName, receiptNumber, sessionId } = charge
  const text = folded(
    [siteLabel, bayLabel, chargerId, operatorName, fleetName ?? '', receiptNumber, sessionId].join(' '),
  )
  return words.every((word) => text.includes(word))
}

export interface FilterChoices {
  /** Years and months with charges, newest first; a year stands before its months. */
  readonly periods: readonly string[]
  readonly sites: readonly { readonly id: string; readonly label: string }[]
  readonly states: readonly ChargeState[]
  readonly payers: readonly Payer[]
}

/** Only what there is: nobody is offered a choice that finds nothing. */
export function filterChoices(charges: readonly ChargeRecord[], timeZone: string): FilterChoices {
  const months = new Set(charges.map(({ endedAtS }) => monthKeyOf(endedAtS, timeZone)))
  const years = new Set([...months].map((month) => month.slice(0, 4)))
  const sites = new Map(charges.map(({ siteId, siteLabel }) => [siteId, siteLabel]))
  return {
    periods: [...years]
      .sort()
      .reverse()
      .flatMap((year) => [
        year,
        ...[...months]
          .filter((month) => month.startsWith(year))
          .sort()
          .reverse(),
      ]),
    sites: [...sites]
      .map(([id, label]) => ({ id, label }))
      .sort((left, right) => (folded(left.label) < folded(right.label) ? -1 : 1)),
    states: chargeStates.filter((state) => charges.some((charge) => charge.state === state)),
    payers: payers.filter((payer) => charges.some((charge) => charge.payer === payer)),
  }
}
