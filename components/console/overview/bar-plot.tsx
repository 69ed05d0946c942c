'use client'

/** A plot of bars with its unit above it and its table behind it. */

import { useEffect, useRef } from 'react'
import { FigureTable } from '@/components/ui/figure-table'
import type { BarsOrder } from './draw-bars'

export interface BarPlotProps extends BarsOrder {
  readonly title: string
  /** What a step of the axis counts, such as "kWh a day". */
  readonly unit: string
  readonly table: { readonly summary: string; readonly head: readonly string[] }
  readonly rows: readonly (readonly string[])[]
}

export function BarPlot({ title, unit, table, rows, values, labels, peak, tick }: BarPlotProps) {
  const place = useRef<HTMLDivElement>(null)
  // Equal figures are one drawing, however often the page asks.
  const content = JSON.stringify([values, labels, peak])
  const order = useRef<BarsOrder>({ values, labels, peak, tick })
  useEffect(() => {
    order.current = { values, labels, peak, tick }
  })
  useEffect(() => {
    let end: (() => void) | undefined
    let isOver = false
    void import('./draw-bars').then(({ drawBars }) => {
      if (!isOver && place.current !== null) end = drawBars(place.current, order.current)
    })
    return () => {
      isOver = true
      end?.()
    }
  }, [content])
  return (
    <figure className="min-w-0">
      <figcaption className="mb-2 flex flex-wrap items-baseline gap-x-3">
        <span className="font-bold">{title}</span>
        <span className="text-note text-mute">{unit}</span>
      </figcaption>
      <div
        ref={place}
        role="img"
        aria-label={`${title}. ${peak}`}
        className="h-[220px] w-full overflow-hidden"
      />
      <FigureTable summary={table.summary} caption={title} head={table.head} rows={rows} />
    </figure>
  )
}
