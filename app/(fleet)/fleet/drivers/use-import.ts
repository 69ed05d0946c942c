'use client'

/** From a file to its rows on the list. What is shown is what was asked about: the same text is looked at and taken. */

import { useRef, useState } from 'react'
import { importBytesMax, readImport } from '@/components/console/drivers/import-file'
import type { RosterKind } from '@/components/console/drivers/drivers-view'
import type { ImportPreview, ImportStage } from '@/components/console/drivers/import-view'
import { err } from '@/lib/core/result'
import { ask } from '../../../_console/ask'
import { useConsole } from '../../../_console/console-context'
import { useAct } from '../../../_console/use-act'
import type { PreviewAnswer, TakenAnswer } from './answers'
import { previewOf } from './preview-of'

export interface Importing {
  readonly stage: ImportStage
  read(file: File): Promise<void>
  take(): Promise<void>
  /** Back to the choice of a file. */
  begin(): void
}

type Looked = { readonly fileName: string; readonly csv: string; readonly preview: ImportPreview }
const choose: ImportStage = { kind: 'choose', problem: null, refusal: null }

export function useImport(kind: RosterKind, after: () => Promise<void>): Importing {
  const { onRefusal } = useConsole()
  const [stage, setStage] = useState<ImportStage>(choose)
  const looked = useRef<Looked>(null)
  /** A file that was chosen later is the one that counts. */
  const turn = useRef(0)
  const taking = useAct((csv: string, idempotencyKey) =>
    ask<TakenAnswer>('/fleet/imports', { kind, csv, idempotencyKey }),
  )
  const read = async (file: File): Promise<void> => {
    turn.current += 1
    const mine = turn.current
    const fileName = file.name.slice(0, 80)
    setStage({ kind: 'reading', fileName })
    const text = await readFile(file)
    const answer = text.ok
      ? await ask<PreviewAnswer>('/fleet/imports/preview', { kind, csv: text.value })
      : null
    if (mine !== turn.current) return
    if (!text.ok) return setStage({ kind: 'choose', problem: text.error, refusal: null })
    if (answer === null || !answer.ok) {
      if (answer !== null) onRefusal(answer.error)
      return setStage({ kind: 'choose', problem: null, refusal: answer === null ? null : answer.error })
    }
    taking.reset()
    const preview = previewOf(kind, answer.value)
    looked.current = { fileName, csv: text.value, preview }
    setStage({ kind: 'preview', fileName, preview, progress: { kind: 'asking' } })
  }
  const take = async (): Promise<void> => {
    const { current } = looked
    if (current === null) return
    const done = await taking.run(current.csv)
    if (done === undefined) return
    setStage({ kind: 'done', fileName: current.fileName, importId: done.importId, counts: done.counts })
    await after()
  }
  return {
    stage: stage.kind === 'preview' ? { ...stage, progress: taking.progress } : stage,
    read,
    take,
    begin: () => {
      turn.current += 1
      setStage(choose)
    },
  }
}

/** One byte more than is allowed shows that it is too much; the rest of a huge file is not read. */
async function readFile(file: File): Promise<ReturnType<typeof readImport>> {
  try {
    return readImport(new Uint8Array(await file.slice(0, importBytesMax + 1).arrayBuffer()))
  } catch {
    // It was moved or taken away while it was read.
    return err('no-table')
  }
}
