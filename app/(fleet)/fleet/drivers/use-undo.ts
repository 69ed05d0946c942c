'use client'

/** Takes an import back: asked first, told afterwards. */

import { useState } from 'react'
import type { ImportLine, ImportUndone, ImportView } from '@/components/console/drivers/import-view'
import { ask } from '../../../_console/ask'
import { useAct } from '../../../_console/use-act'
import type { UndoneAnswer } from './answers'

export interface Undoing extends Pick<ImportView, 'asked' | 'undone'> {
  ask(line: ImportLine): void
  close(): void
  undo(): Promise<void>
  forget(): void
}

export function useUndo(after: () => Promise<void>): Undoing {
  const [line, setLine] = useState<ImportLine | null>(null)
  const [undone, setUndone] = useState<ImportUndone | null>(null)
  const act = useAct((importId: string) => ask<UndoneAnswer>(`/fleet/imports/${importId}/undo`, {}))
  return {
    asked: line === null ? null : { line, progress: act.progress },
    undone,
    ask: (wanted) => {
      act.reset()
      setLine(wanted)
    },
    close: () => setLine(null),
    forget: () => setUndone(null),
    undo: async () => {
      if (line === null) return
      const done = await act.run(line.importId)
      if (done === undefined) return
      setLine(null)
      setUndone({ importId: line.importId, takenBack: done.takenBack, kept: done.kept })
      await after()
    },
  }
}
