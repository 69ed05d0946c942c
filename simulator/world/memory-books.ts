/** The books in memory, as the oracle compares them. */

import type { MemoryTables } from '@/lib/cloud/ingest/memory-tables'
import type { LedgerAccount } from '@/lib/cloud/ledger/accounts'
import { resolvesOf } from '@/lib/cloud/ledger/posting'
import { keyText } from '@/lib/cloud/ledger/transfer'
import { currencyCode } from '@/lib/core/ids'
import type { CloudBooks } from './world-cloud'

export function memoryBooks(tables: MemoryTables): CloudBooks {
  const transfers = tables.ledger.all()
  const places = new Set(
    transfers.flatMap(({ debit, credit, currency }) => [`${debit} ${currency}`, `${credit} ${currency}`]),
  )
  return {
    transfers: transfers.map((transfer) => {
      const { reference, kind, effect, debit, credit, currency, amountMinor } = transfer
      const resolved = resolvesOf(transfer)
      const resolves = resolved === undefined ? null : keyText(resolved)
      return { reference, kind, effect, debit, credit, currency, amountMinor, resolves }
    }),
    accounts: [...places].sort().map((place) => {
      const [account = '', currency = ''] = place.split(' ')
      const held = tables.ledger.balance(account as LedgerAccount, currencyCode(currency))
      return { account, currency, postedMinor: held.postedMinor, pendingMinor: held.pendingMinor }
    }),
    sessions: [...tables.sessions.values()].map((session) => ({
      sessionId: session.sessionId,
      serial: session.serial,
      owner: session.owner,
      state: session.state,
      hold: session.holdState,
      holdMinor: session.holdMinor,
      postedMinor: session.postedMinor,
      disputedMinor: session.disputedMinor,
    })),
    cases: [...tables.cases.values()].map(({ kind, sessionId, serial, chargerId }) => ({
      kind,
      sessionId: sessionId ?? null,
      serial: serial ?? null,
      chargerId: chargerId ?? null,
    })),
    logs: [...tables.logs.list()].map(([name, { frontier, root }]) => {
      const [device = '', epoch = ''] = name.split(' ')
      return { device, epoch: Number(epoch), size: frontier.size, root }
    }),
    revoked: [...tables.revoked.keys()],
    waiting: tables.waiting.size,
  }
}
