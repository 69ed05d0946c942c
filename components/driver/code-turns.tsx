/**
 * The driver's code, and what is shown in turn with it: news for the charger first, or the same code in larger pieces.
 * Whoever wants can hold their own code still; it always works alone.
 */

import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl/react'
import { Button } from '@/components/ui/button'
import { QrCode } from '@/components/ui/qr-code'
import { codeSize } from './code-frame'

/** Long enough for a slow camera to read a dense code; at least 1.2 s. */
const denseTurnMs = 1_600
/** A piece is read in one or two looks. */
const pieceTurnMs = 800
/** For people who asked for less motion, the change comes rarely and nothing moves. */
const calmTurnMs = 4_000
const calmPieceTurnMs = 2_000

export interface CodeTurnsProps {
  readonly news: string | null
  readonly text: string
  /** One: the code is small enough already. */
  readonly parts: readonly string[]
  readonly onlyInParts: boolean
  readonly label: string
}

export function CodeTurns({ news, text, parts, onlyInParts, label }: CodeTurnsProps) {
  const t = useTranslations('driver.showCode')
  const [onlyMine, setOnlyMine] = useState(false)
  const [wantsParts, setWantsParts] = useState(false)
  const inParts = onlyInParts || wantsParts
  const withNews = news !== null && !onlyMine
  const mine = inParts ? parts : [text]
  const codes = withNews ? [news, ...mine] : mine
  const turn = useTurn(codes.length, inParts)
  const isNews = withNews && turn === 0
  const piece = turn - (withNews ? 1 : 0)
  return (
    <div className="flex flex-col items-center">
      <QrCode
        text={codes[turn] ?? text}
        label={isNews ? t('newsLabel') : inParts ? `${label} · ${t('part', partOf(piece, parts))}` : label}
        className={codeSize}
      />
      {inParts ? <Pieces current={isNews ? -1 : piece} count={parts.length} /> : null}
      {withNews ? (
        <>
          <p className="px-5 text-center font-bold">{t('turns')}</p>
          <p className="px-5 text-center text-note text-mute">{t('turnsWhy')}</p>
        </>
      ) : null}
      {news === null ? null : (
        <Button kind="quiet" aria-pressed={onlyMine} onClick={() => setOnlyMine(!onlyMine)}>
          {t(onlyMine ? 'both' : 'onlyMine')}
        </Button>
      )}
      {onlyInParts || withNews || parts.length < 2 ? null : (
        <Button kind="quiet" aria-pressed={wantsParts} onClick={() => setWantsParts(!wantsParts)}>
          {t(wantsParts ? 'inOne' : 'inParts')}
        </Button>
      )}
    </div>
  )
}

const partOf = (index: number, parts: readonly string[]) => ({ index: index + 1, count: parts.length })

/** Which piece is shown, as dots: nobody has to read while they hold still. */
function Pieces({ current, count }: { readonly current: number; readonly count: number }) {
  const t = useTranslations('driver.showCode')
  return (
    <>
      <div className="mb-2 flex gap-2" aria-hidden="true">
        {Array.from({ length: count }, (_, index) => (
          <span
            key={index}
            className={`size-2.5 rounded-full ${index === current ? 'bg-ink' : 'border border-edge'}`}
          />
        ))}
      </div>
      <p className="mb-3 px-5 text-center text-note text-balance text-mute">{t('partsWhy', { count })}</p>
    </>
  )
}

/** Begins anew, with the news or the first piece, whenever something else is shown in turn. */
function useTurn(count: number, arePieces: boolean): number {
  const [shown, setShown] = useState({ count, turn: 0 })
  useEffect(() => {
    if (count < 2) return undefined
    const timer = setInterval(
      () => setShown((before) => ({ count, turn: before.count === count ? (before.turn + 1) % count : 1 })),
      turnMs(arePieces),
    )
    return () => clearInterval(timer)
  }, [count, arePieces])
  return shown.count === count ? shown.turn : 0
}

function turnMs(arePieces: boolean): number {
  const wantsCalm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  if (arePieces) return wantsCalm ? calmPieceTurnMs : pieceTurnMs
  return wantsCalm ? calmTurnMs : denseTurnMs
}
