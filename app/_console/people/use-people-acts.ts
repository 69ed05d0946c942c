'use client'

/** The acts of the page of people, and which question stands before it. */

import { useState } from 'react'
import type { PeopleActs, PeopleDialog } from '@/components/console/people/people-view'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { createKey, invite } from '@/lib/cloud/operations/organisation'
import type { Refusal } from '@/lib/core/reason'
import { ask } from '../ask'
import { useConsole } from '../console-context'
import { useAct } from '../use-act'

interface Request {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface PeopleActing {
  readonly dialog: PeopleDialog
  /** What refused an act that asks no question. */
  readonly refusal: Refusal | null
  readonly acts: Omit<PeopleActs, 'onTopic' | 'onOlder'>
}

export function usePeopleActs(refresh: () => Promise<void>): PeopleActing {
  const { kind, locale } = useConsole()
  const [asked, setAsked] = useState<PeopleDialog>({ kind: 'none' })
  const act = useAct(({ path, body }: Request) => ask<unknown>(path, body))
  const withdrawal = useAct(({ path, body }: Request) => ask<unknown>(path, body))
  const open = (dialog: PeopleDialog): void => {
    act.reset()
    setAsked(dialog)
  }
  /** The question stays until it is answered well; then the page is read anew. */
  const run = async <Done>(request: Request, then: (done: Done) => PeopleDialog): Promise<void> => {
    const done = await act.run(request)
    if (done === undefined) return
    setAsked(then(done as Done))
    await refresh()
  }
  const none: PeopleDialog = { kind: 'none' }
  const member = (memberId: string, what: string): string =>
    `/organisation/members/${encodeURIComponent(memberId)}/${what}`
  return {
    dialog: 'progress' in asked ? { ...asked, progress: act.progress } : asked,
    refusal: withdrawal.progress.kind === 'failed' ? withdrawal.progress.refusal : null,
    acts: {
      onOpen: open,
      onCloseDialog: () => open(none),
      onInvite: (order) =>
        void run<AnswerOf<typeof invite>>(
          { path: '/organisation/invitations', body: { ...order, locale } },
          (done) => ({ kind: 'invited', invited: { ...done, email: order.email } }),
        ),
      onWithdraw: (invitationId) =>
        void withdrawal
          .run({ path: `/organisation/invitations/${encodeURIComponent(invitationId)}/withdraw`, body: {} })
          .then(refresh),
      onRole: (memberId, role) => void run({ path: member(memberId, 'role'), body: { role } }, () => none),
      onRemove: (memberId) => void run({ path: member(memberId, 'remove'), body: {} }, () => none),
      // Whoever has left belongs elsewhere or nowhere: the door decides.
      onLeave: () =>
        void act.run({ path: '/organisation/leave', body: {} }).then((done) => {
          if (done !== undefined) window.location.assign(`/${kind}`)
        }),
      onCreateKey: (order) =>
        void run<AnswerOf<typeof createKey>>({ path: '/organisation/api-keys', body: order }, (done) => ({
          kind: 'created-key',
          created: { ...done, name: order.name },
        })),
      onRevokeKey: (keyId) =>
        void run(
          { path: `/organisation/api-keys/${encodeURIComponent(keyId)}/revoke`, body: {} },
          () => none,
        ),
      onCopy: (text) => void navigator.clipboard.writeText(text).catch(() => undefined),
    },
  }
}
