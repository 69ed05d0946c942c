/** Home answers three things at a glance: can I charge here and now, for how much, until when. */

import CloudUpload from 'lucide-react/icons/cloud-upload'
import ScanLine from 'lucide-react/icons/scan-line'
import UserRound from 'lucide-react/icons/user-round'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { ListRow } from '@/components/ui/list-row'
import { Mark } from '@/components/ui/mark'
import { useFormat } from '@/lib/format/use-format'
import { HomeNoticePart, type HomeNotice } from './home-notice'
import { HomeReadinessPart, type HomeReadiness } from './home-readiness'
import { ReceiptRow } from './receipt-row'
import { Foot, SectionHead } from './screen'
import type { ReceiptSummary } from './receipt-summary'

export type { HomeReadiness }

export interface HomeSession {
  readonly sessionId: string
  readonly siteLabel: string
  readonly bayLabel: string
  /** `shown`: approved, the charger has not been seen to answer yet. */
  readonly step: 'shown' | 'charging'
  readonly heldMinor: number
  readonly currency: string
}

export interface HomeView {
  readonly online: boolean
  readonly readiness: HomeReadiness
  /** The newest open session; it is what the primary act leads to. */
  readonly session: HomeSession | null
  /** Older ones that no charger has ended yet: lost scans, a second car. */
  readonly olderSessions: readonly HomeSession[]
  /** The newest few; the list has the rest. */
  readonly receipts: readonly ReceiptSummary[]
  /** Receipts and answers that the operator has not seen yet. They go out by themselves. */
  readonly unsyncedCount: number
  /** The one thing worth knowing now, or null. */
  readonly notice: HomeNotice | null
  readonly nowS: number
}

export interface HomeProps {
  view: HomeView
  onCharge(): void
  onOpenSession(sessionId: string): void
  onOpenReceipt(sessionId: string): void
  onOpenReceipts(): void
  onOpenAccount(): void
  onAddFunds(): void
  onJoinFleet(): void
  /** Fetches a grant: the first one, or the next. Only called while online. */
  onRenew(): void
  onDismissNotice(): void
}

export function HomeScreen(props: HomeProps) {
  const { view } = props
  const t = useTranslations('driver.home')
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-phone flex-col px-5 pt-[env(safe-area-inset-top)]">
      <header className="flex min-h-16 items-center justify-between">
        <span className="flex items-center gap-2.5">
          <Mark className="size-7" />
          <span className="text-lead font-bold">Outpost</span>
        </span>
        <IconButton
          label={t('account')}
          onClick={props.onOpenAccount}
          className="-mr-3"
          icon={<UserRound className="size-6" strokeWidth={1.75} aria-hidden="true" />}
        />
      </header>
      <main className="flex flex-1 flex-col gap-6 pt-2 pb-6">
        <HomeReadinessPart readiness={view.readiness} online={view.online} nowS={view.nowS} />
        {view.notice === null ? null : (
          <HomeNoticePart
            notice={view.notice}
            nowS={view.nowS}
            footSessionId={footSession(view)?.sessionId ?? null}
            onOpenSession={props.onOpenSession}
            onAddFunds={props.onAddFunds}
            onDismiss={props.onDismissNotice}
          />
        )}
        {view.session === null ? null : (
          <OpenSessions sessions={[view.session, ...view.olderSessions]} onOpen={props.onOpenSession} />
        )}
        <LastReceipts view={view} onOpenReceipt={props.onOpenReceipt} onOpenReceipts={props.onOpenReceipts} />
      </main>
      <HomeFoot {...props} />
    </div>
  )
}

/** Without credit to charge with, the foot offers some instead. */
const footSession = ({ readiness, session }: HomeView): HomeSession | null =>
  readiness.kind === 'ready' ? session : null

function OpenSessions({
  sessions,
  onOpen,
}: {
  readonly sessions: readonly HomeSession[]
  onOpen(sessionId: string): void
}) {
  const t = useTranslations('driver.home')
  const format = useFormat()
  return (
    <section aria-label={t('session')} className="rounded-card border border-edge bg-card px-4">
      <div aria-hidden="true" className="-mt-px h-1 w-16 energy-line" />
      <ul className="divide-y divide-line">
        {sessions.map((session) => (
          <li key={session.sessionId}>
            <ListRow
              title={t(session.step === 'charging' ? 'sessionCharging' : 'sessionShown')}
              note={`${session.siteLabel} · ${session.bayLabel}`}
              value={format.moneyShort(session.heldMinor, session.currency)}
              valueNote={<span className="text-mute">{t('held')}</span>}
              onOpen={() => onOpen(session.sessionId)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

function LastReceipts({
  view,
  onOpenReceipt,
  onOpenReceipts,
}: Pick<HomeProps, 'view' | 'onOpenReceipt' | 'onOpenReceipts'>) {
  const t = useTranslations('driver.home')
  if (view.readiness.kind === 'loading') return null
  if (view.receipts.length === 0) {
    return <p className="border-t border-line pt-4 text-mute">{t('noReceipts')}</p>
  }
  return (
    <section>
      <SectionHead
        trailing={
          <Button kind="quiet" className="-mr-3 px-3!" onClick={onOpenReceipts}>
            {t('allReceipts')}
          </Button>
        }
      >
        {t('receipts')}
      </SectionHead>
      <ul className="divide-y divide-line border-y border-line">
        {view.receipts.map((receipt) => (
          <li key={receipt.sessionId}>
            <ReceiptRow receipt={receipt} nowS={view.nowS} onOpen={onOpenReceipt} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function HomeFoot({ view, onCharge, onOpenSession, onAddFunds, onJoinFleet, onRenew }: HomeProps) {
  const t = useTranslations('driver.home')
  const { readiness } = view
  const unsynced =
    view.unsyncedCount === 0 ? null : (
      <p className="flex items-center justify-center gap-2 text-note text-mute">
        <CloudUpload className="size-4" strokeWidth={1.75} aria-hidden="true" />
        {t(view.online ? 'sending' : 'unsynced', { count: view.unsyncedCount })}
      </p>
    )
  if (readiness.kind === 'ready' || readiness.kind === 'loading') {
    return (
      <Foot>
        {unsynced}
        <ChargeActs view={view} onCharge={onCharge} onOpenSession={onOpenSession} />
      </Foot>
    )
  }
  const takeAlong = readiness.kind === 'renewal' ? readiness.why !== 'spent' : readiness.balanceMinor > 0
  return (
    <Foot>
      {unsynced}
      {takeAlong ? (
        <Button kind="primary" wide disabled={!view.online} onClick={onRenew}>
          {t(readiness.kind === 'renewal' ? 'renew' : 'takeAlong')}
        </Button>
      ) : (
        <Button kind="primary" wide onClick={onAddFunds}>
          {t('addFunds')}
        </Button>
      )}
      {readiness.kind === 'empty' ? (
        <Button kind="secondary" wide onClick={onJoinFleet}>
          {t('joinFleet')}
        </Button>
      ) : null}
    </Foot>
  )
}

/** Somebody whose car is charging wants that session first; a second car can still be charged. */
function ChargeActs({
  view,
  onCharge,
  onOpenSession,
}: Pick<HomeProps, 'view' | 'onCharge' | 'onOpenSession'>) {
  const t = useTranslations('driver.home')
  const { session } = view
  if (session === null) {
    return (
      <Button
        kind="primary"
        wide
        disabled={view.readiness.kind === 'loading'}
        icon={<ScanLine className="size-6" strokeWidth={1.75} aria-hidden="true" />}
        onClick={onCharge}
      >
        {t('charge')}
      </Button>
    )
  }
  return (
    <>
      <Button kind="primary" wide onClick={() => onOpenSession(session.sessionId)}>
        {t('openSession')}
      </Button>
      <Button kind="secondary" wide onClick={onCharge}>
        {t('chargeAnother')}
      </Button>
    </>
  )
}
