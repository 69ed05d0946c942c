'use client'

/** Wires the import: a file that this browser reads, what the operator says about it, taking it, and taking it back. */

import { ImportScreen } from '@/components/console/drivers/import-screen'
import type { ImportHistory } from '@/components/console/drivers/import-view'
import { sampleFile } from '@/components/console/drivers/import-file'
import type { RosterKind } from '@/components/console/drivers/drivers-view'
import { saveFile } from '../../../(driver)/_wallet/save-file'
import type { Answer } from '../../../_console/answer-store'
import { askFile } from '../../../_console/ask'
import { useConsole } from '../../../_console/console-context'
import { useAct } from '../../../_console/use-act'
import { useAnswer } from '../../../_console/use-answer'
import { useNowS } from '../../../_console/use-now'
import type { ImportsAnswer } from './answers'
import { addressOf } from './roster-query'
import { useImport } from './use-import'
import { useUndo } from './use-undo'

const csvType = 'text/csv;charset=utf-8'

export function ImportPage({ kind }: { readonly kind: RosterKind }) {
  const { may, locale } = useConsole()
  const nowS = useNowS()
  const imports = useAnswer<ImportsAnswer>('/fleet/imports', 60_000)
  const importing = useImport(kind, imports.refresh)
  const undoing = useUndo(async () => {
    importing.begin()
    await imports.refresh()
  })
  const saving = useAct((importId: string) => askFile(`/fleet/imports/${importId}/refused`))
  const history = historyOf(imports.answer)
  return (
    <ImportScreen
      view={{
        kind,
        stage: importing.stage,
        history,
        mayChange: may('driver.change'),
        nowS,
        asked: undoing.asked,
        undone: undoing.undone,
        refusal: saving.progress.kind === 'failed' ? saving.progress.refusal : null,
      }}
      acts={{
        onBack: () => window.history.pushState(null, '', addressOf({ kind, state: 'active', search: '' })),
        onKind: (next) => window.history.replaceState(null, '', `/fleet/drivers?import=${next}`),
        onFile: (file) => {
          undoing.forget()
          void importing.read(file)
        },
        onSample: () => saveFile(`outpost-${kind}.csv`, sampleFile(kind, locale), csvType),
        onAnotherFile: importing.begin,
        onTake: () => void importing.take(),
        onSaveRefused: (importId) =>
          void saving.run(importId).then((file) => {
            if (file !== undefined) saveFile(`outpost-${kind}-refused.csv`, file, csvType)
          }),
        onAskUndo: (importId) => {
          const line =
            history.kind === 'there' ? history.imports.find((one) => one.importId === importId) : undefined
          const { stage } = importing
          if (line !== undefined) undoing.ask(line)
          else if (stage.kind === 'done') undoing.ask({ ...stage, kind, atS: nowS, undoneAtS: null })
        },
        onCloseUndo: undoing.close,
        onUndo: () => void undoing.undo(),
      }}
    />
  )
}

const historyOf = (answer: Answer<ImportsAnswer>): ImportHistory =>
  answer.kind === 'there' ? { kind: 'there', imports: answer.value.imports, asOfS: answer.asOfS } : answer
