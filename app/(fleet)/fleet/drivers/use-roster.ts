'use client'

/** The list as far as somebody has asked: page by page, each from where the one before ended. */

import { useMemo, useSyncExternalStore } from 'react'
import type { RosterFilter, RosterList, RosterRows } from '@/components/console/drivers/drivers-view'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import { createAnswerStore, type Answer } from '../../../_console/answer-store'
import { ask } from '../../../_console/ask'
import { useConsole } from '../../../_console/console-context'
import { nowS } from '../../../_console/use-now'
import type { DriversAnswer, VehiclesAnswer } from './answers'
import { askedOf } from './roster-query'

interface Read {
  readonly value: RosterRows
  readonly total: number
  readonly hasMore: boolean
}

export interface Roster {
  readonly list: RosterList
  refresh(): Promise<void>
}

const everyMs = 30_000
/** Whoever looks for somebody beyond that searches. */
export const pagesMax = 20
const loading: Answer<Read> = { kind: 'loading' }

export function useRoster(filter: RosterFilter, pages: number): Roster {
  const { onRefusal } = useConsole()
  const { kind, state, search } = filter
  const store = useMemo(
    () => createAnswerStore(() => readPages({ kind, state, search }, pages), everyMs, { nowS, onRefusal }),
    [kind, state, search, pages, onRefusal],
  )
  const answer = useSyncExternalStore<Answer<Read>>(store.subscribe, store.snapshot, () => loading)
  return {
    list:
      answer.kind === 'there'
        ? { ...answer.value, kind: 'there', asOfS: answer.asOfS, isStale: answer.isStale }
        : answer,
    refresh: store.refresh,
  }
}

async function readPages(filter: RosterFilter, pages: number): Promise<Result<Read, Refusal>> {
  const read = filter.kind === 'drivers' ? readDrivers : readVehicles
  let [cursor, total]: [string | null, number] = [null, 0]
  let value: RosterRows = { kind: filter.kind, rows: [] }
  for (let page = 0; page < pages; page += 1) {
    const answer = await read(askedOf(filter, cursor), value)
    if (!answer.ok) return answer
    ;({ value, cursor, total } = answer.value)
    if (cursor === null) break
  }
  return ok({ value, total, hasMore: cursor !== null && pages < pagesMax })
}

interface Page {
  readonly value: RosterRows
  readonly cursor: string | null
  readonly total: number
}

async function readDrivers(path: string, before: RosterRows): Promise<Result<Page, Refusal>> {
  const answer = await ask<DriversAnswer>(path)
  if (!answer.ok) return answer
  const { drivers, next, total } = answer.value
  const earlier = before.kind === 'drivers' ? before.rows : []
  return ok({ value: { kind: 'drivers', rows: [...earlier, ...drivers] }, cursor: next, total })
}

async function readVehicles(path: string, before: RosterRows): Promise<Result<Page, Refusal>> {
  const answer = await ask<VehiclesAnswer>(path)
  if (!answer.ok) return answer
  const { vehicles, next, total } = answer.value
  const earlier = before.kind === 'vehicles' ? before.rows : []
  return ok({ value: { kind: 'vehicles', rows: [...earlier, ...vehicles] }, cursor: next, total })
}
