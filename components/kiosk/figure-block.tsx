/** Figures of a kiosk screen: the one that counts, and those beside it. */

import type { ReactNode } from 'react'

export interface SmallFigure {
  readonly name: string
  readonly value: string
}

/** The one figure: its name above it, what qualifies it beside it. */
export function MainFigure({
  name,
  value,
  beside,
}: {
  readonly name: string
  readonly value: string
  readonly beside?: ReactNode
}) {
  return (
    <div>
      <p className="text-mute">{name}</p>
      <p className="flex flex-wrap items-baseline gap-x-5">
        <span className="text-[length:var(--text-figure)] leading-none font-bold tracking-[-0.03em] whitespace-nowrap tabular">
          {value}
        </span>
        {beside === undefined ? null : <span className="text-lead">{beside}</span>}
      </p>
    </div>
  )
}

/** Up to three figures in a row, each under its name. */
export function SmallFigures({ figures }: { readonly figures: readonly SmallFigure[] }) {
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-3">
      {figures.map((figure) => (
        <div key={figure.name}>
          <dt className="text-note text-mute">{figure.name}</dt>
          <dd className="text-[length:calc(var(--u)*42)] leading-[1.2] font-bold whitespace-nowrap tabular">
            {figure.value}
          </dd>
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
