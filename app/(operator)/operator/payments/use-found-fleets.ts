'use client'

/** The fleets among whom a transfer's is chosen: looked for while somebody types, not at every key. */

import { useEffect, useRef, useState } from 'react'
import type { FleetChoice } from '@/components/console/operator/payments-view'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { listFleets } from '@/lib/cloud/operations/operator-fleets'
import { useAnswer } from '../../../_console/use-answer'
import { askedOf } from '../fleet-query'

const restMs = 200
const shownMax = 8
const everyMs = 60_000

export interface FoundFleets {
  /** Null while nothing was asked or answered. */
  readonly found: readonly FleetChoice[] | null
  onFind(text: string): void
}

export function useFoundFleets(): FoundFleets {
  const [search, setSearch] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const { answer } = useAnswer<AnswerOf<typeof listFleets>>(
    search === null ? null : askedOf({ state: '', search }),
    everyMs,
  )
  return {
    found:
      answer.kind === 'there'
        ? answer.value.fleets.slice(0, shownMax).map(({ fleetNumber, name }) => ({ fleetNumber, name }))
        : null,
    onFind: (text) => {
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setSearch(text.trim().slice(0, 60)), restMs)
    },
  }
}
