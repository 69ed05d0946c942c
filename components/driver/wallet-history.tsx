/** The account's history: dated lines, newest first, kept on the phone and marked with their age. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { ListRow } from '@/components/ui/list-row'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { SectionHead } from './screen'
import type { WalletLine, WalletLineKind, WalletProps } from './wallet-view'

/** These move credit between the account and its phones and change nothing of what one has. */
const moves: ReadonlySet<WalletLineKind> = new Set([
  'taken-along',
  'given-back',
  'renewed',
  'hold-released',
] as const)

export function WalletHistoryPart({
  view,
  onOlder,
  onOpenSession,
}: Pick<WalletProps, 'view' | 'onOlder' | 'onOpenSession'>) {
  const t = useTranslations('driver.wallet')
  const format = useFormat()
  const { history } = view
  if (!view.signedIn && history === null) return null
  const isReading = view.historyState === 'reading'
  return (
    <section>
      <SectionHead
        trailing={
          history === null ? null : (
            <span className="text-note text-mute">
              {t('asOf', { age: format.age(history.asOfS, view.nowS) })}
            </span>
          )
        }
      >
        {t('history')}
      </SectionHead>
      {history === null ? (
        <div className="border-y border-line py-4 text-mute">
          {isReading ? <Spinner awaited={t('historyReading')} /> : <p>{t('historyUnread')}</p>}
        </div>
      ) : history.lines.length === 0 ? (
        <p className="border-y border-line py-4 text-mute">{t('historyEmpty')}</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {history.lines.map((line) => (
            <li key={line.id}>
              <HistoryRow line={line} nowS={view.nowS} onOpen={onOpenSession} />
            </li>
          ))}
        </ul>
      )}
      {history?.hasOlder === true ? (
        <Button kind="quiet" wide className="mt-2" disabled={!view.online} busy={isReading} onClick={onOlder}>
          {t(view.online ? 'older' : 'olderOffline')}
        </Button>
      ) : null}
    </section>
  )
}

interface RowProps {
  readonly line: WalletLine
  readonly nowS: number
  onOpen(lineId: string): void
}

function HistoryRow({ line, nowS, onOpen }: RowProps) {
  const t = useTranslations('driver.wallet')
  const format = useFormat()
  const when = format.moment(line.atS, nowS)
  const isMove = moves.has(line.kind)
  const amount = format.money(line.amountMinor, line.currency)
  const value = !isMove && line.amountMinor > 0 ? `+${amount}` : amount
  const title = line.kind === 'session' && line.siteLabel !== null ? line.siteLabel : t(`line.${line.kind}`)
  const released =
    line.releasedMinor === null || line.releasedMinor <= 0
      ? null
      : t('released', { amount: format.money(line.releasedMinor, line.currency) })
  const note = [when, line.kind === 'session' ? null : line.siteLabel, released]
    .filter((part) => part !== null)
    .join(' · ')
  if (line.kind === 'session') {
    return <ListRow title={title} note={note} value={value} onOpen={() => onOpen(line.id)} />
  }
  return (
    <div className="flex min-h-target items-center justify-between gap-3 py-3">
      <span className="min-w-0">
        <span className="block font-bold">{title}</span>
        <span className="block text-note text-mute">{note}</span>
      </span>
      <span className={isMove ? 'shrink-0 text-mute tabular' : 'shrink-0 font-bold tabular'}>{value}</span>
    </div>
  )
}
