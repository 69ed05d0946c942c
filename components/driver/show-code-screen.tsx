/** The phone's code on pure white, to be held to the charger. */

import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { Spinner } from '@/components/ui/spinner'
import { useFormat } from '@/lib/format/use-format'
import { CodeFrame } from './code-frame'
import { CodeTurns } from './code-turns'
import { CeremonySteps, Screen } from './screen'

export interface ShowCodeView {
  /** The whole text of the code (`OP1:…`). */
  readonly text: string
  /** A code to show before it, in turn with it: news that the charger may not have heard. Null for none. */
  readonly news: string | null
  /** The same code in larger pieces, for cameras that give up on one. */
  readonly parts: readonly string[]
  /** One piece would be denser than cameras read. */
  readonly onlyInParts: boolean
  readonly bayLabel: string
  readonly words: readonly [string, string]
  readonly heldMinor: number
  readonly currency: string
}

export interface ShowCodeProps {
  view: ShowCodeView
  /** The driver saw the charger say yes. */
  onAccepted(): void
  /** Opens the camera for the charger's answer. */
  onScanAnswer(): void
  onProblem(): void
  onBack(): void
}

export function ShowCodeScreen({ view, onAccepted, onScanAnswer, onProblem, onBack }: ShowCodeProps) {
  const t = useTranslations('driver.showCode')
  const format = useFormat()
  return (
    <CodeFrame
      title={t('title')}
      bayLabel={view.bayLabel}
      words={view.words}
      note={t('held', { amount: format.money(view.heldMinor, view.currency) })}
      header={<CeremonySteps current={2} />}
      code={
        <CodeTurns
          news={view.news}
          text={view.text}
          parts={view.parts}
          onlyInParts={view.onlyInParts}
          label={t('codeLabel')}
        />
      }
      foot={
        <>
          <Button kind="primary" wide onClick={onAccepted}>
            {t('accepted')}
          </Button>
          <div className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-2">
            <Button kind="secondary" className="px-3!" onClick={onScanAnswer}>
              {t('scanAnswer')}
            </Button>
            <Button kind="secondary" className="px-3!" onClick={onProblem}>
              {t('problem')}
            </Button>
          </div>
        </>
      }
      onBack={onBack}
    />
  )
}

/** Between “written down” and “signed”: usually too short to be seen, longer where a key asks for a PIN. */
export function SigningScreen({ onBack }: { onBack(): void }) {
  const t = useTranslations('driver.showCode')
  return (
    <Screen onBack={onBack} ceremonyStep={2}>
      <Spinner awaited={t('signing')} />
    </Screen>
  )
}
