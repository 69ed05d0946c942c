/** Lighthouse's own verdict on the first page of the app, as it simulates a phone on mobile data. */

import lighthouse from 'lighthouse'
import { chromium } from 'playwright'
import { findChromium } from '@/scripts/find-chromium.mjs'
import { freePort } from '@/tests/fixtures/free-port'
import { percentile } from '../figures'
import { OutpostWorld } from '../../e2e/harness/outpost'

export interface LighthouseScores {
  readonly performance: number
  readonly accessibility: number
  readonly bestPractices: number
}

/** The middle of several runs: others' work on this machine would otherwise be measured as well. */
const rounds = 5

/** Of the first page of the built app, as somebody sees it who never was here. */
export async function measureScores(): Promise<LighthouseScores> {
  const world = await OutpostWorld.start()
  try {
    // A charger has a computer of its own; here it would take the processor from the phone that is measured.
    await Promise.all([world.stopKiosk(), world.stopVehicle()])
    return await measureUrl(`${world.cloudUrl}/`)
  } finally {
    await world.close()
  }
}

async function measureUrl(url: string): Promise<LighthouseScores> {
  const executablePath = await findChromium()
  const port = await freePort()
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
  })
  try {
    const runs: LighthouseScores[] = []
    for (let round = 0; round < rounds; round += 1) runs.push(await runOnce(url, port))
    const middle = (of: (run: LighthouseScores) => number): number => percentile(runs.map(of), 0.5)
    return {
      performance: middle((run) => run.performance),
      accessibility: middle((run) => run.accessibility),
      bestPractices: middle((run) => run.bestPractices),
    }
  } finally {
    await browser.close()
  }
}

async function runOnce(url: string, port: number): Promise<LighthouseScores> {
  const result = await lighthouse(url, {
    port,
    output: 'json',
    logLevel: 'error',
    onlyCategories: ['performance', 'accessibility', 'best-practices'],
  })
  const categories = result?.lhr.categories ?? {}
  const score = (name: string): number => Math.round((categories[name]?.score ?? Number.NaN) * 100)
  return {
    performance: score('performance'),
    accessibility: score('accessibility'),
    bestPractices: score('best-practices'),
  }
}
