'use client'

/** Wires the lists of drivers and vehicles, with their filters in the address, or the import where the address asks for one. */

import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { DriversScreen } from '@/components/console/drivers/drivers-screen'
import type { RosterFilter } from '@/components/console/drivers/drivers-view'
import { useConsole } from '../../../_console/console-context'
import { useNowS } from '../../../_console/use-now'
import { ImportPage } from './import-page'
import { addressOf, filterOf, importOf } from './roster-query'
import { useRoster } from './use-roster'
import { useRosterActs } from './use-roster-acts'

export function DriversPage() {
  const query = useSearchParams()
  const imported = importOf(query)
  return imported === null ? (
    <RosterPage filter={filterOf(query)} />
  ) : (
    // Another list begins with nothing of the one before it.
    <ImportPage key={imported} kind={imported} />
  )
}

function RosterPage({ filter }: { readonly filter: RosterFilter }) {
  const { currency, may } = useConsole()
  const nowS = useNowS()
  const [pages, setPages] = useState(1)
  const { list, refresh } = useRoster(filter, pages)
  const { dialog, news, refusal, acts, forget } = useRosterActs(refresh)
  return (
    <DriversScreen
      view={{
        list,
        filter,
        currency,
        may: { change: may('driver.change'), issue: may('token.issue') },
        nowS,
        news,
        refusal,
        dialog,
      }}
      acts={{
        ...acts,
        onFilter: (next) => {
          setPages(1)
          forget()
          // Another list is another place to come back to; a narrower one is not.
          if (next.kind === filter.kind) window.history.replaceState(null, '', addressOf(next))
          else window.history.pushState(null, '', addressOf(next))
        },
        onMore: () => setPages(pages + 1),
        onImport: (kind) => window.history.pushState(null, '', `/fleet/drivers?import=${kind}`),
      }}
    />
  )
}
