/** A code to be scanned: black on pure white with its whole quiet zone, by day and by night. */

import { useMemo } from 'react'
import { qrModules, qrPath } from './qr-modules'

/** ISO/IEC 18004 asks for four modules of quiet on every side. */
const quietZone = 4

export interface QrCodeProps {
  readonly text: string
  /** What the picture is, for those who cannot see it. */
  readonly label: string
  /** The two words that both screens show. */
  readonly caption?: readonly [string, string] | undefined
  readonly className?: string
}

export function QrCode({ text, label, caption, className }: QrCodeProps) {
  const drawn = useMemo(() => {
    const modules = qrModules(text)
    return modules === undefined
      ? undefined
      : { extent: modules.size + 2 * quietZone, path: qrPath(modules, quietZone), version: modules.version }
  }, [text])
  return (
    <figure className={className}>
      <div className="bg-code-ground">
        {drawn === undefined ? null : (
          <svg
            role="img"
            aria-label={label}
            data-qr-version={drawn.version}
            viewBox={`0 0 ${drawn.extent} ${drawn.extent}`}
            shapeRendering="crispEdges"
            className="block h-auto w-full"
          >
            <path d={drawn.path} className="fill-code-ink" />
          </svg>
        )}
      </div>
      {caption === undefined ? null : (
        <figcaption className="mt-3 text-center text-title font-bold" lang="en">
          {caption[0]} {caption[1]}
        </figcaption>
      )}
    </figure>
  )
}
