/**
 * A few bars with what they stand for: an ink line below, units on the axis, the bar in question amber with its figure
 * beside it. Drawn as SVG, hidden from screen readers: the table behind it says the same.
 */

import { classNames } from './class-names'

export interface PlotBar {
  readonly key: string
  /** Null where there is no figure: a gap, which is not zero. */
  readonly value: number | null
  /** Under the bar. */
  readonly label: string
}

export interface BarPlotProps {
  readonly bars: readonly PlotBar[]
  /** Values at which a line is drawn, the last one being the top. */
  readonly marks: readonly { readonly value: number; readonly label: string }[]
  /** Which bar is in question, and its figure. */
  readonly chosen: { readonly key: string; readonly label: string } | null
  /** Over the axis: "kWh". */
  readonly unit: string
  onChoose(key: string): void
}

const width = 350
const height = 176
const axisWidth = 40
const top = 26
const bottom = 24
const plotHeight = height - top - bottom

export function BarPlot({ bars, marks, chosen, unit, onChoose }: BarPlotProps) {
  const max = marks.at(-1)?.value ?? 1
  const step = (width - axisWidth) / Math.max(bars.length, 4)
  const yOf = (value: number): number => top + plotHeight * (1 - value / max)
  // A page that is enlarged keeps its labels readable; with many bars every second one has room.
  const every = bars.length > 8 ? 2 : 1
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="block h-auto w-full tabular" aria-hidden="true">
      <text x={0} y={11} className="fill-mute text-[13px]">
        {unit}
      </text>
      {marks.map((mark) => (
        <g key={mark.value}>
          <line
            x1={axisWidth}
            x2={width}
            y1={yOf(mark.value)}
            y2={yOf(mark.value)}
            className={mark.value === 0 ? 'stroke-ink' : 'stroke-line'}
            strokeWidth={mark.value === 0 ? 1.5 : 1}
          />
          <text x={axisWidth - 6} y={yOf(mark.value) + 4} textAnchor="end" className="fill-mute text-[13px]">
            {mark.label}
          </text>
        </g>
      ))}
      {bars.map((bar, index) => {
        const middle = axisWidth + step * (index + 0.5)
        const isChosen = chosen?.key === bar.key
        const barWidth = Math.min(30, step * 0.62)
        return (
          <g key={bar.key} onClick={() => onChoose(bar.key)} className="cursor-pointer">
            <rect x={middle - step / 2} y={0} width={step} height={height} className="fill-transparent" />
            {bar.value === null ? null : (
              <rect
                x={middle - barWidth / 2}
                y={yOf(bar.value)}
                width={barWidth}
                height={Math.max(0, top + plotHeight - yOf(bar.value))}
                rx={2}
                className={classNames(isChosen ? 'fill-amber stroke-ink' : 'fill-ink', 'transition-[fill]')}
                strokeWidth={isChosen ? 1.5 : 0}
              />
            )}
            {(bars.length - 1 - index) % every === 0 || isChosen ? (
              <text
                x={middle}
                y={height - 7}
                textAnchor="middle"
                className={isChosen ? 'fill-ink text-[13px] font-bold' : 'fill-mute text-[13px]'}
              >
                {bar.label}
              </text>
            ) : null}
          </g>
        )
      })}
      <ChosenLabel bars={bars} chosen={chosen} step={step} yOf={yOf} />
    </svg>
  )
}

/** Above all bars, where none can cover it, with a line down to its own. */
function ChosenLabel({
  bars,
  chosen,
  step,
  yOf,
}: Pick<BarPlotProps, 'bars' | 'chosen'> & { readonly step: number; yOf(value: number): number }) {
  const index = bars.findIndex(({ key }) => key === chosen?.key)
  const value = bars[index]?.value ?? null
  if (chosen === null || value === null) return null
  const middle = axisWidth + step * (index + 0.5)
  const half = chosen.label.length * 4
  return (
    <>
      <line x1={middle} x2={middle} y1={16} y2={yOf(value)} className="stroke-ink" strokeWidth={1} />
      <text
        x={Math.min(width - half, Math.max(axisWidth + half, middle))}
        y={11}
        textAnchor="middle"
        className="fill-ink text-[13px] font-bold"
      >
        {chosen.label}
      </text>
    </>
  )
}
