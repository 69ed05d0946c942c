/** The phone's code on pure white, to be held to the charger. */

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Sun from 'lucide-react/icons/sun'
import type { CSSProperties } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { QrCode } from '@/components/ui/qr-code'
import { useFormat } from '@/lib/format/use-format'
import { CeremonySteps, Foot } from './screen'
export interface ShowCodeView {
  /** The whole text of the code (`OP1:…`). */
  readonly text: string
  /** The part shown and how many there are; null for a code of one piece. */
  readonly part: { readonly index: number; readonly count: number } | null
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

/** Pure white instead of paper, so that the foot and its fade are white as well. */
const whiteGround = { '--paper': '#ffffff' } as CSSProperties

/** White edge to edge in any theme: a bright ground is what the charger's camera needs. */
export function ShowCodeScreen({ view, onAccepted, onScanAnswer, onProblem, onBack }: ShowCodeProps) {
  const t = useTranslations('driver.showCode')
  const common = useTranslations('common')
  const format = useFormat()
  return (
    <div data-theme="day" style={whiteGround} className="min-h-dvh bg-paper text-ink">
      <div className="mx-auto flex min-h-dvh w-full max-w-phone flex-col pt-[env(safe-area-inset-top)]">
        <header className="flex min-h-16 items-center gap-2 px-5">
          <IconButton
            label={common('back')}
            onClick={onBack}
            className="-ml-3"
            icon={<ArrowLeft className="size-6" strokeWidth={1.75} aria-hidden="true" />}
          />
          <CeremonySteps current={2} />
        </header>
        <main className="flex flex-1 flex-col pb-6">
          <h1 className="px-5 text-center text-lead font-bold">{t('title')}</h1>
          <QrCode
            text={view.text}
            label={t('codeLabel')}
            className="mx-auto w-[min(100%,58dvh)] min-w-[min(16rem,100%)]"
          />
          {view.part === null ? null : (
            <p role="status" className="px-5 text-center text-note text-mute tabular">
              {t('part', { index: view.part.index + 1, count: view.part.count })}
            </p>
          )}
          <div className="flex flex-col items-center gap-1 px-5 text-center">
            <p className="text-title font-bold">
              <span lang="en">
                {view.words[0]} {view.words[1]}
              </span>
              <span className="text-mute"> · </span>
              {view.bayLabel}
            </p>
            <p className="text-mute">{t('held', { amount: format.money(view.heldMinor, view.currency) })}</p>
          </div>
          <p className="mx-5 mt-4 flex items-center justify-center gap-3 border-t border-line pt-4">
            <Sun className="size-6 shrink-0" strokeWidth={1.75} aria-hidden="true" />
            {t('bright')}
          </p>
        </main>
        <div className="px-5">
          <Foot>
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
          </Foot>
        </div>
      </div>
    </div>
  )
}
