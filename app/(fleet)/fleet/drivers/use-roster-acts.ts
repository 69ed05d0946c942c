'use client'

/** What a manager does with drivers and vehicles, the question that stands open, and the way back. */

import { useState } from 'react'
import type {
  DriverOrder,
  RosterActs,
  RosterDialog,
  RosterNews,
  RosterSubject,
  VehicleOrder,
} from '@/components/console/drivers/drivers-view'
import type { Refusal } from '@/lib/core/reason'
import { ask } from '../../../_console/ask'
import { useAct } from '../../../_console/use-act'
import type { RemovedAnswer } from './answers'

export interface RosterActing {
  readonly dialog: RosterDialog
  readonly news: RosterNews | null
  /** What refused an act that asks no question. */
  readonly refusal: Refusal | null
  readonly acts: Pick<
    RosterActs,
    'onOpen' | 'onCloseDialog' | 'onSaveDriver' | 'onSaveVehicle' | 'onRemove' | 'onRestore'
  >
  forget(): void
}

const pathOf = ({ kind, id }: Pick<RosterSubject, 'kind' | 'id'>, act = ''): string =>
  `/fleet/${kind}/${encodeURIComponent(id)}${act}`

interface Saving {
  readonly kind: RosterSubject['kind']
  readonly id: string | null
  readonly order: DriverOrder | VehicleOrder
}

export function useRosterActs(refresh: () => Promise<void>): RosterActing {
  const [asked, setAsked] = useState<RosterDialog>({ kind: 'none' })
  const [news, setNews] = useState<RosterNews | null>(null)
  const save = useAct(({ kind, id, order }: Saving, idempotencyKey) =>
    id === null
      ? ask<unknown>(`/fleet/${kind}`, { ...order, idempotencyKey })
      : ask<unknown>(pathOf({ kind, id }), order),
  )
  const remove = useAct((subject: RosterSubject) => ask<RemovedAnswer>(pathOf(subject, '/remove'), {}))
  const restore = useAct((subject: RosterSubject) => ask<unknown>(pathOf(subject, '/restore'), {}))
  const open = (dialog: RosterDialog): void => {
    save.reset()
    setAsked(dialog)
  }
  const run = async (saving: Saving): Promise<void> => {
    if ((await save.run(saving)) === undefined) return
    setAsked({ kind: 'none' })
    await refresh()
  }
  const forget = (): void => {
    setNews(null)
    remove.reset()
    restore.reset()
  }
  const refused = [remove.progress, restore.progress].find(({ kind }) => kind === 'failed')
  return {
    dialog: asked.kind === 'none' ? asked : { ...asked, progress: save.progress },
    news,
    refusal: refused?.kind === 'failed' ? refused.refusal : null,
    forget,
    acts: {
      onOpen: open,
      onCloseDialog: () => open({ kind: 'none' }),
      onSaveDriver: (id, order) => void run({ kind: 'drivers', id, order }),
      onSaveVehicle: (id, order) => void run({ kind: 'vehicles', id, order }),
      onRemove: (subject) => {
        forget()
        void remove.run(subject).then(async (done) => {
          if (done === undefined) return
          setNews({ kind: 'removed', subject, tokens: done.tokens })
          await refresh()
        })
      },
      onRestore: (subject) => {
        forget()
        void restore.run(subject).then(async (done) => {
          if (done === undefined) return
          setNews({ kind: 'restored', subject })
          await refresh()
        })
      },
    },
  }
}
