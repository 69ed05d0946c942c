/** The one figure of a screen. It shrinks rather than breaks on a narrow or enlarged page. */

import type { CSSProperties, ReactNode } from 'react'

export interface FigureProps {
  readonly value: string
  /** What the figure is, above it. */
  readonly label?: ReactNode
  /** What qualifies it, below it. */
  readonly note?: ReactNode
  /** Heading level of the figure, when it is also the title of the screen. */
  readonly as?: 'p' | 'h1'
}

/** Average advance of a tabular digit in em; the figure fits when characters × this ≤ its container. */
const advanceEm = 0.6

export function Figure({ value, label, note, as: Tag = 'p' }: FigureProps) {
  const fit = { '--fit': `${100 / (Math.max(4, value.length) * advanceEm)}cqi` } as CSSProperties
  return (
    <div className="@container w-full">
      {label === undefined ? null : <p className="mb-1 text-mute">{label}</p>}
      <Tag
        style={fit}
        className="text-[length:min(var(--text-figure),var(--fit))] leading-none font-bold tracking-[-0.03em] whitespace-nowrap tabular"
      >
        {value}
      </Tag>
      {note === undefined ? null : <div className="mt-3 text-lead">{note}</div>}
    </div>
  )
}
