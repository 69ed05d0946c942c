/** Bars on a canvas by uPlot, in the colours of the theme. Loaded only where a plot is looked at. */

import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export interface BarsOrder {
  readonly values: readonly number[]
  /** Under the bars; shown where there is room. */
  readonly labels: readonly string[]
  /** Of a step of the axis, without its unit. */
  tick(value: number): string
  /** Of the highest bar, drawn above it. */
  readonly peak: string
}

const height = 220
const labelWidth = 76
const fontPx = 14

/** Draws into `place` and keeps drawing when the place or the theme changes; gives what ends it. */
export function drawBars(place: HTMLElement, order: BarsOrder): () => void {
  let plot = plotOf(place, order)
  const redraw = (): void => {
    plot.destroy()
    plot = plotOf(place, order)
  }
  let width = place.clientWidth
  const resized = new ResizeObserver(() => {
    if (place.clientWidth === width) return
    width = place.clientWidth
    redraw()
  })
  resized.observe(place)
  const themed = new MutationObserver(redraw)
  themed.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-contrast'] })
  const night = window.matchMedia('(prefers-color-scheme: dark)')
  night.addEventListener('change', redraw)
  return () => {
    resized.disconnect()
    themed.disconnect()
    night.removeEventListener('change', redraw)
    plot.destroy()
  }
}

function plotOf(place: HTMLElement, { values, labels, tick, peak }: BarsOrder): uPlot {
  const style = getComputedStyle(place)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const font = `${fontPx}px ${style.fontFamily}`
  const width = Math.max(1, place.clientWidth)
  const every = Math.max(1, Math.ceil(labels.length / Math.max(2, Math.floor((width - labelWidth) / 64))))
  const shared = { stroke: colour('mute'), font, ticks: { show: false } }
  const highest = Math.max(1, ...values)
  const { bars } = uPlot.paths
  return new uPlot(
    {
      width,
      height,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [-0.6, values.length - 0.4] },
        // Room for the label above the highest bar.
        y: { range: () => [0, highest * 1.2] },
      },
      axes: [
        {
          ...shared,
          grid: { show: false },
          // Counted from the newest, which always has its label.
          splits: () => labels.map((_, at) => at).filter((at) => (labels.length - 1 - at) % every === 0),
          values: (_plot, at) => at.map((index) => labels[index] ?? ''),
        },
        {
          ...shared,
          size: labelWidth,
          grid: { stroke: colour('line'), width: 1 },
          values: (_plot, at) => at.map(tick),
        },
      ],
      series: [
        {},
        {
          fill: colour('ink'),
          width: 0,
          points: { show: false },
          ...(bars === undefined ? {} : { paths: bars({ size: [0.7, 48] }) }),
        },
      ],
      hooks: {
        draw: [(plot) => labelPeak(plot, values, { text: peak, font: fontPx, colour: colour('ink') })],
      },
    },
    [values.map((_, at) => at), [...values]],
    place,
  )
}

function labelPeak(
  plot: uPlot,
  values: readonly number[],
  { text, font, colour }: { readonly text: string; readonly font: number; readonly colour: string },
): void {
  const most = Math.max(...values)
  if (!(most > 0)) return
  const at = values.indexOf(most)
  const { ctx } = plot
  ctx.save()
  ctx.fillStyle = colour
  ctx.font = `bold ${font * devicePixelRatio}px ${getComputedStyle(plot.root).fontFamily}`
  ctx.textBaseline = 'bottom'
  // At the edges the words stay inside.
  ctx.textAlign = at < values.length / 5 ? 'left' : at > (values.length * 4) / 5 ? 'right' : 'center'
  ctx.fillText(text, plot.valToPos(at, 'x', true), plot.valToPos(most, 'y', true) - 4 * devicePixelRatio)
  ctx.restore()
}
