/**
 * Two codes in turn: news for the charger first, then the driver's own. Whoever wants can hold the second one still;
 * it always works alone.
 */

import { useState, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { QrCode } from '@/components/ui/qr-code'
import { codeSize } from './code-frame'

/** Long enough for a slow camera to read each; at least 1.2 s. */
const turnMs = 1_600
/** For people who asked for less motion, the change comes rarely and nothing moves. */
const calmTurnMs = 4_000

export function CodeTurns({
  news,
  text,
  label,
}: {
  readonly news: string
  readonly text: string
  readonly label: string
}) {
  const t = useTranslations('driver.showCode')
  const turn = useSyncExternalStore(
    subscribe,
    () => turns,
    () => 0,
  )
  const [onlyMine, setOnlyMine] = useState(false)
  const showsNews = !onlyMine && turn % 2 === 0
  return (
    <div className="flex flex-col items-center">
      <QrCode
        text={showsNews ? news : text}
        label={showsNews ? t('newsLabel') : label}
        className={codeSize}
      />
      <p className="px-5 text-center font-bold">{t('turns')}</p>
      <p className="px-5 text-center text-note text-mute">{t('turnsWhy')}</p>
      <Button kind="quiet" aria-pressed={onlyMine} onClick={() => setOnlyMine(!onlyMine)}>
        {t(onlyMine ? 'both' : 'onlyMine')}
      </Button>
    </div>
  )
}

let turns = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** Begins with the news whenever somebody starts to look. */
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    turns = 0
    timer = setInterval(next, wantsCalm() ? calmTurnMs : turnMs)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

function next(): void {
  turns += 1
  for (const listener of listeners) listener()
}

const wantsCalm = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches
