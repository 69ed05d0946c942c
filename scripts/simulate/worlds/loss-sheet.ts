/** The figures of docs/double-spend.md: every setting of the sheet, as a table and as a plot. */

import { lossFigures, type LossFigures } from '@/simulator/world/double-spend'

/** The same seeds give the same figures, on every machine. */
const seeds = Array.from({ length: 100 }, (_, index) => index + 1)
const chargers = 50
const couriersPerDay = [0, 1, 2, 5, 10, 20, 40]
const firstSeenCaps = [60, 15]
const delaysHours = [0, 24]

export const lossSheet = (): readonly LossFigures[] =>
  firstSeenCaps.flatMap((firstSeenCap) =>
    delaysHours.flatMap((revocationDelayHours) =>
      couriersPerDay.map((couriers) =>
        lossFigures({ chargers, couriersPerDay: couriers, revocationDelayHours, firstSeenCap }, seeds),
      ),
    ),
  )

/** Markdown. */
export function lossTable(figures: readonly LossFigures[]): readonly string[] {
  const head = ['Cap here', 'Delay', 'Couriers a day', 'Taken, mean', 'Loss, mean', 'Loss, worst']
  const rows = figures.map((one) => [
    one.firstSeenCap,
    `${one.revocationDelayHours} h`,
    one.couriersPerDay,
    one.meanTaken,
    one.meanLoss,
    one.worstLoss,
  ])
  return [head, head.map(() => '---:'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
}

const width = 720
const height = 400
const left = 64
const right = 150
const top = 24
const bottom = 56

/** Both axes are logarithmic, from zero: 40 couriers and 1 courier both have room, and so have 3,000 and 20. */
const across = (couriers: number): number =>
  left + (Math.log1p(couriers) / Math.log1p(40)) * (width - left - right)
const up = (loss: number): number =>
  height - bottom - (Math.log10(1 + loss) / Math.log10(1 + 3_000)) * (height - top - bottom)

/** An SVG that reads on light and dark pages. */
export function lossPlot(figures: readonly LossFigures[]): string {
  const lines = firstSeenCaps.flatMap((cap) =>
    delaysHours.map((delay) => {
      const own = figures.filter((one) => one.firstSeenCap === cap && one.revocationDelayHours === delay)
      const points = own.map(
        (one) => `${across(one.couriersPerDay).toFixed(1)},${up(one.worstLoss).toFixed(1)}`,
      )
      const last = own.at(-1)?.worstLoss ?? 0
      const name = `cap ${cap}, ${delay} h`
      const place = `x="${width - right + 8}" y="${(up(last) + 4).toFixed(1)}"`
      const look = `class="cap-${cap}"${delay === 0 ? '' : ' stroke-dasharray="6 4"'}`
      return `  <polyline ${look} points="${points.join(' ')}"/>\n  <text class="name-${cap}" ${place}>${name}</text>`
    }),
  )
  const ticks = [
    ...couriersPerDay.map((couriers) => {
      const x = across(couriers).toFixed(1)
      const label = `<text x="${x}" y="${height - bottom + 20}" text-anchor="middle">${couriers}</text>`
      return `  <line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${height - bottom}"/>${label}`
    }),
    ...[0, 10, 100, 1_000, 3_000].map((loss) => {
      const y = up(loss).toFixed(1)
      const label = `<text x="${left - 8}" y="${(up(loss) + 4).toFixed(1)}" text-anchor="end">${loss}</text>`
      return `  <line class="grid" x1="${left}" x2="${width - right}" y1="${y}" y2="${y}"/>${label}`
    }),
  ]
  const middle = (top + height - bottom) / 2
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">`,
    '  <title id="title">Worst loss of a double spend by couriers a day, first-seen cap and revocation delay</title>',
    '  <style>',
    '    text { font: 13px system-ui, sans-serif; fill: #333 } polyline { fill: none; stroke-width: 2.5 }',
    '    .grid { stroke: #8886; stroke-width: 1 } .cap-60 { stroke: #c2410c } .cap-15 { stroke: #0369a1 }',
    '    .name-60 { fill: #c2410c } .name-15 { fill: #0369a1 }',
    '    @media (prefers-color-scheme: dark) {',
    '      text { fill: #ddd } .cap-60 { stroke: #fb923c } .cap-15 { stroke: #38bdf8 }',
    '      .name-60 { fill: #fb923c } .name-15 { fill: #38bdf8 }',
    '    }',
    '  </style>',
    ...ticks,
    ...lines,
    `  <text x="${(left + width - right) / 2}" y="${height - 12}" text-anchor="middle">honest drivers who pass each charger on a day</text>`,
    `  <text transform="translate(16 ${middle}) rotate(-90)" text-anchor="middle">worst loss, whole currency units</text>`,
    '</svg>',
    '',
  ].join('\n')
}
