/** A code on pure white with what to do with it. Its modules are whole pixels, which cameras like. */

import { useMemo, type CSSProperties } from 'react'
import { classNames } from '@/components/ui/class-names'
import { QrCode } from '@/components/ui/qr-code'
import { qrModules } from '@/components/ui/qr-modules'

/** Four modules of quiet on either side (ISO/IEC 18004). */
const quietModules = 8

export interface CodePanelProps {
  readonly code: string
  /** What to do with it; also what it is for people who do not see it. */
  readonly caption: string
  readonly note?: string
  readonly size?: 'large' | 'small'
}

export function CodePanel({ code, caption, note, size = 'large' }: CodePanelProps) {
  const extent = useMemo(() => (qrModules(code)?.size ?? 0) + quietModules, [code])
  const wholePixels = { width: `round(down, var(--code), ${extent}px)` } as CSSProperties
  return (
    <div
      data-size={size}
      className={classNames(
        'kiosk-code flex h-full min-h-0 items-center justify-center',
        size === 'small' ? 'gap-x-8' : 'flex-col gap-y-4',
      )}
    >
      <div className="shrink-0 rounded-card border border-line bg-code-ground p-2">
        <div style={wholePixels}>
          <QrCode text={code} label={caption} />
        </div>
      </div>
      <div
        className={size === 'small' ? 'max-w-[calc(var(--u)*380)]' : 'max-w-[calc(var(--u)*480)] text-center'}
      >
        <p className="font-bold text-balance">{caption}</p>
        {note === undefined ? null : <p className="text-note text-balance text-mute">{note}</p>}
      </div>
    </div>
  )
}
