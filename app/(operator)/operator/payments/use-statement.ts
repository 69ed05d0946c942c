'use client'

/** Brings in a bank's statement: the same file piece by piece, until all of it is taken. */

import { useRef, useState } from 'react'
import { importBytesMax, readImport } from '@/components/console/drivers/import-file'
import type { StatementDone, StatementStage } from '@/components/console/operator/payments-view'
import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type { importBankStatement } from '@/lib/cloud/operations/operator-payments'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import { ask } from '../../../_console/ask'

type Piece = AnswerOf<typeof importBankStatement>

export interface StatementImport {
  readonly stage: StatementStage
  onFile(file: File): void
}

export function useStatement(refresh: () => Promise<void>): StatementImport {
  const [stage, setStage] = useState<StatementStage>({ kind: 'none' })
  const isBusy = useRef(false)
  const bring = async (file: File): Promise<void> => {
    if (isBusy.current) return
    isBusy.current = true
    // Whoever chose a film by mistake does not wait until it is read.
    const bytes = new Uint8Array(await file.slice(0, importBytesMax + 1).arrayBuffer())
    const csv = readImport(bytes)
    if (csv.ok) {
      setStage({ kind: 'sending', done: 0, of: null })
      const done = await takeWhole(csv.value, (taken, of) => setStage({ kind: 'sending', done: taken, of }))
      setStage(done.ok ? { kind: 'done', done: done.value } : { kind: 'failed', refusal: done.error })
      await refresh()
    } else setStage({ kind: 'problem', problem: csv.error })
    isBusy.current = false
  }
  return { stage, onFile: (file) => void bring(file) }
}

async function takeWhole(
  csv: string,
  onPiece: (done: number, of: number) => void,
): Promise<Result<StatementDone, Refusal>> {
  let sum: StatementDone = { missing: [], posted: 0, open: 0, known: 0, refused: [] }
  let from: number | null = 0
  while (from !== null) {
    const piece: Result<Piece, Refusal> = await ask<Piece>('/operator/bank-statements', { csv, from })
    if (!piece.ok) return piece
    const { missing, posted, open, known, refused, entries, next }: Piece = piece.value
    sum = {
      missing,
      ...{ posted: sum.posted + posted, open: sum.open + open, known: sum.known + known },
      refused: [...sum.refused, ...refused],
    }
    from = next
    if (next !== null) onPiece(next, entries)
  }
  return ok(sum)
}
