/** A code on pure white with what to do with it. Its modules are whole pixels, which cameras like. */

import { useMemo, type CSSProperties } from 'react'
import { QrCode } from '@/components/ui/qr-code'
import { qrModules } from '@/components/ui/qr-modules'

/** Four modules of quiet on either side (ISO/IEC 18004). */
const quietModules = 8

export interface CodePanelProps {
  readonly code: string
  /** What to do with it. */
  readonly caption: string
  /** What it is for people who do not see it; the caption where that says it. */
  readonly label?: string
  readonly note?: string
  /** The two words that the phone must show as well; never translated. */
  readonly words?: readonly [string, string]
  readonly size?: 'large' | 'small'
}

export function CodePanel({ code, caption, label, note, words, size = 'large' }: CodePanelProps) {
  const extent = useMemo(() => (qrModules(code)?.size ?? 0) + quietModules, [code])
  const wholePixels = { width: `round(down, var(--code), ${extent}px)` } as CSSProperties
  return (
    <div data-size={size} className="kiosk-code">
      <div className="shrink-0 rounded-card border border-line bg-code-ground p-1.5">
        <div style={wholePixels}>
          <QrCode text={code} label={label ?? caption} />
        </div>
      </div>
      <div className="min-w-0">
        <p className={words === undefined ? 'font-bold text-balance' : 'text-note text-balance text-mute'}>
          {caption}
        </p>
        {words === undefined ? null : (
          <p
            lang="en"
            className="text-[length:var(--text-match)] leading-[1.1] font-bold tracking-[-0.015em] text-balance"
          >
            {words.join(' ')}
          </p>
        )}
        {note === undefined ? null : (
          <p className="kiosk-spare mt-1 text-note text-balance text-mute">{note}</p>
        )}
      </div>
    </div>
  )
}
