/** A code on pure white, to be held to the charger, with what belongs to it: bay, words, and the acts at the foot. */

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Sun from 'lucide-react/icons/sun'
import type { CSSProperties, ReactNode } from 'react'
import { useTranslations } from 'use-intl/react'
import { IconButton } from '@/components/ui/icon-button'
import { Foot } from './screen'

export interface CodeFrameProps {
  readonly title: string
  readonly bayLabel: string
  readonly words: readonly [string, string]
  /** Under the words: how much is held, or what comes next. */
  readonly note: string
  /** Right of the way back. */
  readonly header?: ReactNode
  readonly code: ReactNode
  readonly foot: ReactNode
  onBack(): void
}

/** Pure white instead of paper, so that the foot and its fade are white as well. */
const whiteGround = { '--paper': '#ffffff' } as CSSProperties

/** White edge to edge in any theme: a bright ground is what the charger's camera needs. */
export function CodeFrame({ title, bayLabel, words, note, header, code, foot, onBack }: CodeFrameProps) {
  const t = useTranslations('driver.showCode')
  const common = useTranslations('common')
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
          {header}
        </header>
        <main className="flex flex-1 flex-col pb-6">
          <h1 className="px-5 text-center text-lead font-bold">{title}</h1>
          {code}
          <div className="flex flex-col items-center gap-1 px-5 text-center">
            <p className="text-title font-bold">
              <span lang="en">
                {words[0]} {words[1]}
              </span>
              <span className="text-mute"> · </span>
              {bayLabel}
            </p>
            <p className="text-mute">{note}</p>
          </div>
          <p className="mx-5 mt-4 flex items-center justify-center gap-3 border-t border-line pt-4">
            <Sun className="size-6 shrink-0" strokeWidth={1.75} aria-hidden="true" />
            {t('bright')}
          </p>
        </main>
        <div className="px-5">
          <Foot>{foot}</Foot>
        </div>
      </div>
    </div>
  )
}

/** As large as the page allows, so that a camera reads it from a hand's breadth away. */
export const codeSize = 'mx-auto w-[min(100%,58dvh)] min-w-[min(16rem,100%)]'
