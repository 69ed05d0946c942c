/**
 * `npm run bench -- driver-app`: what the driver's app weighs, how soon it opens with no network on a slow phone, how it
 * feels, how many taps lead to energy, what Lighthouse says, and how soon poor pictures of codes are read.
 */

import { parseArgs } from 'node:util'
import { measureSizes, type Sizes } from '@/tests/bench/driver-app/sizes'
import { progress, percentile, rounded } from '@/tests/bench/figures'
import { codesToScan, patienceMs, scanCodes } from '@/tests/bench/scan-proof'
import { PlainFailure } from '../setup/plain-failure.mjs'
import { projectRoot } from '../setup/root.mjs'
import type { Feel } from '@/tests/bench/driver-app/timings'
import type { LighthouseScores } from '@/tests/bench/driver-app/lighthouse'
import type { MatrixFigures } from '@/tests/bench/driver-app/gallery-matrix'

/** The object that `--json` prints. */
interface DriverAppFigures extends Sizes, Feel {
  readonly offlineColdStartMs: number
  readonly tapsToCharging: number
  readonly lighthouse: LighthouseScores
  readonly scan: { readonly frames: number; readonly within2sShare: number; readonly p95Ms: number }
  /** Only with `--matrix`. */
  readonly gallery?: MatrixFigures
}

export const driverAppUsage = `npm run bench -- driver-app [--json] [--scans 105] [--matrix] [--screens [home,approve]]
  --scans    scenes for each code of the ceremony
  --matrix   walks the gallery in every state, theme, language and size; takes some minutes
  --screens  only takes pictures of every state, or of those that begin so, for docs/screens`

export async function benchDriverApp(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      matrix: { type: 'boolean', default: false },
      screens: { type: 'boolean', default: false },
      scans: { type: 'string', default: '105' },
    },
  })
  const scenes = Number(values.scans)
  if (!Number.isInteger(scenes) || scenes < 1) throw new PlainFailure(driverAppUsage)
  if (values.screens) {
    const { takeScreens } = await import('@/tests/bench/screens')
    const only = positionals.flatMap((names) => names.split(','))
    progress(`${await takeScreens('driver', only)} pictures in docs/screens`)
    return 0
  }
  const figures = await measure(scenes, values.matrix)
  process.stdout.write(
    values.json ? `${JSON.stringify(figures)}\n` : `${JSON.stringify(figures, undefined, 2)}\n`,
  )
  return 0
}

async function measure(scenes: number, withMatrix: boolean): Promise<DriverAppFigures> {
  const sizes = measureSizes(projectRoot)
  progress('A phone in an Outpost of its own: taps, opening without a network, a walk through the app')
  const { measureLife } = await import('@/tests/bench/driver-app/life')
  const life = await measureLife()
  progress(`  ${JSON.stringify(life)}`)
  const { measureScores } = await import('@/tests/bench/driver-app/lighthouse')
  progress('Lighthouse')
  const lighthouse = await measureScores()
  progress(`  ${JSON.stringify(lighthouse)}`)
  const gallery = withMatrix ? await measureGallery() : undefined
  const scan = await measureScans(scenes)
  return { ...sizes, ...life, lighthouse, scan, ...(gallery === undefined ? {} : { gallery }) }
}

async function measureGallery(): Promise<MatrixFigures> {
  const { walkMatrix } = await import('@/tests/bench/driver-app/gallery-matrix')
  return walkMatrix((done, all) => progress(`Gallery: ${done} of ${all} states`))
}

async function measureScans(scenes: number): Promise<DriverAppFigures['scan']> {
  const codes = await codesToScan()
  progress(
    `${codes.length * scenes} codes before a camera: tilted, blurred, noisy, mirrored in, in little light`,
  )
  const scans = await scanCodes(codes, scenes)
  const times = scans.map(({ ms }) => ms ?? Number.POSITIVE_INFINITY)
  for (const { name } of codes) {
    const own = scans.filter((scan) => scan.name === name).map(({ ms }) => ms ?? Number.POSITIVE_INFINITY)
    progress(`  ${name}: 95 % within ${Math.round(percentile(own, 0.95))} ms`)
  }
  return {
    frames: scans.length,
    within2sShare: rounded(times.filter((ms) => ms <= patienceMs).length / times.length, 4),
    p95Ms: Math.round(percentile(times, 0.95)),
  }
}
