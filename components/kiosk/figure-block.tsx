/** Figures of a kiosk screen: the one that counts, and those beside it. */

import type { ReactNode } from 'react'
import { Figure } from '@/components/ui/figure'

export interface SmallFigure {
  readonly name: string
  readonly value: string
}

/** The one figure, with its name above it. */
export function MainFigure({
  name,
  value,
  note,
}: {
  readonly name: string
  readonly value: string
  readonly note?: ReactNode
}) {
  return <Figure label={name} value={value} note={note} />
}

/** Up to three figures in a row, each under its name. */
export function SmallFigures({ figures }: { readonly figures: readonly SmallFigure[] }) {
  return (
    <dl className="flex flex-wrap gap-x-14 gap-y-3">
      {figures.map((figure) => (
        <div key={figure.name}>
          <dt className="text-note text-mute">{figure.name}</dt>
          <dd className="text-title font-bold whitespace-nowrap tabular">{figure.value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** How much of the hold is used. The words beside it say the same, so it needs no scale. */
export function HoldBar({
  usedMinor,
  heldMinor,
  label,
}: {
  readonly usedMinor: number
  readonly heldMinor: number
  readonly label: string
}) {
  const share = heldMinor <= 0 ? 0 : Math.min(100, Math.floor((usedMinor * 100) / heldMinor))
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
      className="h-3 w-full overflow-hidden rounded-full bg-line"
    >
      <div
        className="h-full rounded-full bg-amber transition-[width] duration-200"
        style={{ width: `${Math.max(share, 1)}%` }}
      />
    </div>
  )
}
