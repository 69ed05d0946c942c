/** The tokens of a fleet: who holds how much, how much of it is gone, until when. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { useFormat } from '@/lib/format/use-format'
import { DataTable, type Column } from './data-table'
import type { TokenRow } from './fleet-view'
import { TokenStateMark } from './state-marks'

export interface TokenTableProps {
  readonly tokens: readonly TokenRow[]
  readonly currency: string
  readonly nowS: number
  onRevoke(token: TokenRow): void
}

export function TokenTable({ tokens, currency, nowS, onRevoke }: TokenTableProps) {
  const t = useTranslations('console.tokens')
  const format = useFormat()
  const columns: readonly Column<TokenRow>[] = [
    {
      id: 'driver',
      head: t('driver'),
      isRowHead: true,
      cell: (token) => <span className="font-bold">{token.driverName}</span>,
    },
    { id: 'state', head: t('state'), cell: (token) => <TokenStateMark state={token.state} /> },
    {
      id: 'spent',
      head: t('spent'),
      align: 'right',
      cell: (token) => <Spent token={token} currency={currency} />,
    },
    {
      id: 'held',
      head: t('held'),
      align: 'right',
      cell: (token) => (token.heldMinor === 0 ? '–' : format.money(token.heldMinor, currency)),
    },
    {
      id: 'until',
      head: t('until'),
      align: 'right',
      cell: (token) => format.moment(token.expiresAtS, nowS),
    },
    {
      id: 'act',
      head: t('act'),
      align: 'right',
      cell: (token) =>
        token.state === 'revoked' || token.state === 'expired' ? (
          <span className="text-note text-mute">
            {t(token.state === 'revoked' ? 'isRevoked' : 'isExpired')}
          </span>
        ) : (
          <Button
            kind="destructive"
            onClick={() => onRevoke(token)}
            aria-label={t('revokeOf', { name: token.driverName })}
          >
            {t('revoke')}
          </Button>
        ),
    },
  ]
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={tokens}
      empty={t('empty')}
      keyOf={(token) => token.tokenId}
    />
  )
}

function Spent({ token, currency }: { readonly token: TokenRow; readonly currency: string }) {
  const t = useTranslations('console.tokens')
  const format = useFormat()
  const share = Math.min(100, Math.round((100 * (token.spentMinor + token.heldMinor)) / token.capMinor))
  return (
    <span className="inline-block min-w-36">
      {t('spentOf', {
        spent: format.money(token.spentMinor, currency),
        cap: format.moneyShort(token.capMinor, currency),
      })}
      <span className="mt-1 block h-1 rounded-full bg-line" aria-hidden="true">
        <span className="block h-1 energy-line" style={{ width: `${share}%` }} />
      </span>
    </span>
  )
}
