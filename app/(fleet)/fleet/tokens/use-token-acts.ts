'use client'

/** What a manager does with tokens, and the question that stands open meanwhile. */

import { useState } from 'react'
import type {
  RenewalOrder,
  TokenActs,
  TokenOrder,
  TokenRules,
  TokensDialog,
} from '@/components/console/tokens/tokens-view'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type {
  changeTokenRules,
  giveOutToken,
  renewTokenNow,
  withdrawToken,
} from '@/lib/cloud/operations/tokens'
import { ask } from '../../../_console/ask'
import { useAct } from '../../../_console/use-act'

type Told = Omit<TokenActs, 'onFilter' | 'onMore' | 'onFind'>

export type GivenTo = Pick<Extract<TokensDialog, { kind: 'issue' }>, 'driver' | 'vehicle'>

export interface TokenActing {
  refresh(): Promise<void>
  /** Whom the address asks to give a token to. */
  readonly given?: GivenTo | null
  /** The address may hold the question that was open. */
  onClosed?(): void
}

export function useTokenActs({ refresh, given = null, onClosed }: TokenActing): {
  readonly dialog: TokensDialog
  readonly acts: Told
} {
  const [open, setOpen] = useState<TokensDialog>({ kind: 'none' })
  const issue = useAct((order: TokenOrder, idempotencyKey) =>
    ask<AnswerOf<typeof giveOutToken>>('/fleet/tokens', { ...order, idempotencyKey }),
  )
  const change = useAct(({ tokenId, rules }: { tokenId: string; rules: TokenRules }) =>
    ask<AnswerOf<typeof changeTokenRules>>(`/fleet/tokens/${tokenId}/rules`, rules),
  )
  const renew = useAct(({ tokenId, order }: { tokenId: string; order: RenewalOrder }, idempotencyKey) =>
    ask<AnswerOf<typeof renewTokenNow>>(`/fleet/tokens/${tokenId}/renew`, { ...order, idempotencyKey }),
  )
  const withdraw = useAct(({ tokenId, confirmation }: { tokenId: string; confirmation: string }) =>
    ask<AnswerOf<typeof withdrawToken>>(`/fleet/tokens/${tokenId}/revoke`, { confirmation }),
  )
  const acting = { issue, rules: change, renew, withdraw }
  const show = (dialog: TokensDialog): void => {
    for (const act of Object.values(acting)) act.reset()
    setOpen(dialog)
  }
  const close = (): void => {
    setOpen({ kind: 'none' })
    onClosed?.()
  }
  const closeAfter = async (done: Promise<unknown>): Promise<void> => {
    if ((await done) === undefined) return
    close()
    await refresh()
  }
  const asking = { kind: 'asking' } as const
  const told: Told = {
    onOpen: (tokenId) => go(`?token=${tokenId}`),
    onBack: () => go('/fleet/tokens'),
    onOpenIssue: () => show({ kind: 'issue', driver: null, vehicle: null, progress: asking }),
    onOpenRules: (token) => show({ kind: 'rules', token, progress: asking }),
    onOpenRenew: (token) => show({ kind: 'renew', token, progress: asking }),
    onOpenWithdraw: (token) => show({ kind: 'withdraw', token, reach: null, progress: asking }),
    onCloseDialog: close,
    onIssue: (order) =>
      void issue.run(order).then(async (given) => {
        if (given === undefined) return
        const { claimUrl, claimCode } = given
        setOpen({ kind: 'issued', driverName: order.driverName, claimUrl, claimCode })
        await refresh()
      }),
    onChangeRules: (tokenId, rules) => void closeAfter(change.run({ tokenId, rules })),
    onRenew: (tokenId, order) => void closeAfter(renew.run({ tokenId, order })),
    onWithdraw: (tokenId, confirmation) => void closeAfter(withdraw.run({ tokenId, confirmation })),
    // A browser that does not let pages copy shows the link anyway.
    onCopy: (text) => void navigator.clipboard.writeText(text).catch(() => undefined),
  }
  const asked: TokensDialog =
    open.kind === 'none' && given !== null ? { kind: 'issue', ...given, progress: asking } : open
  const dialog =
    asked.kind === 'none' || asked.kind === 'issued'
      ? asked
      : { ...asked, progress: acting[asked.kind].progress }
  return { dialog, acts: told }
}

/** An entry of its own, so that "back" leads back; Next keeps its hook of search parameters in step. */
const go = (address: string): void => window.history.pushState(null, '', address)
