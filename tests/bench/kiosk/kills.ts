/**
 * Power cuts at the real thing: one controller process with its journal on a real disk is killed with SIGKILL at random
 * instants, again and again, while drivers charge at a virtual charger that lives on. Afterwards every watt-hour that the
 * charger's register counted must stand in exactly one receipt, and every receipt must bill what it measured.
 */

import { expectOk } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import type { Random } from '@/lib/core/clock'
import { fractionFrom, seededRandom } from '@/simulator/replay/seeded-random'
import { Panel, run, until, type Running } from '@/tests/integration/kiosk/kiosk-process'
import { freePort } from '@/tests/fixtures/free-port'
import { progress } from '../figures'
import { authorizationFor, openKioskSite, type KioskSite } from './kiosk-site'
import { judgeReceipts, type Losses } from './losses'

export interface KillFigures extends Losses {
  readonly realRuns: number
}

const identity = 'CP-1'
const startWh = 5_000
const holdMinor = 1_500
const leastLifeMs = 60
const longestLifeMs = 2_000
/** After the last cut, what still runs is brought to its end in peace. */
const peaceMs = 30_000
const stepMs = 15

export async function measureKills(runs: number, seed: string): Promise<KillFigures> {
  const site = await openKioskSite([identity], 1)
  const random = seededRandom(seed)
  let charger: Running | undefined
  try {
    const controlPort = await freePort()
    const first = await site.start()
    charger = await startCharger(site.ocppPort, controlPort)
    const driver = new Driver(site, controlPort, random)
    await driver.liveFor(first, longestLifeMs)
    for (let done = 0; done < runs; done += 1) {
      const life = leastLifeMs + fractionFrom(random) * (longestLifeMs - leastLifeMs)
      const kiosk = await site.start()
      await driver.liveFor(kiosk, life)
      if ((done + 1) % 20 === 0) progress(`${done + 1} power cuts`)
    }
    const last = await site.start()
    const registerWh = await driver.endInPeace()
    await until(() => receiptsOf(site).at(-1)?.meterStopWh === registerWh, 'the last receipt at the cloud')
    last.child.kill('SIGKILL')
    return { realRuns: runs, ...judgeReceipts(receiptsOf(site), startWh, registerWh, holdMinor) }
  } finally {
    charger?.child.kill('SIGKILL')
    await site.close()
  }
}

/** In the order of the charger's log, which the cloud has verified. */
function receiptsOf(site: KioskSite): readonly Receipt[] {
  return site.cloud.events.flatMap((event) =>
    event.kind === 'ended' ? [expectOk(parseMessage(receipt, event.receipt), 'a receipt').payload] : [],
  )
}

async function startCharger(ocppPort: number, controlPort: number): Promise<Running> {
  const url = `ws://127.0.0.1:${ocppPort}/ocpp`
  const flags = ['--url', url, '--identity', identity, '--control-port', String(controlPort)]
  const charger = await run(
    'simulator/charger/main.ts',
    [...flags, '--meter-start-wh', String(startWh), '--speed', '60'],
    {},
  )
  await until(() => charger.output().includes('127.0.0.1'), 'the charger’s control')
  return charger
}

/** Plugs in, shows the phone, stops or unplugs, whenever the screen lets it. */
class Driver {
  readonly #site: KioskSite
  readonly #control: string
  readonly #random: Random
  #drivers = 0

  constructor(site: KioskSite, controlPort: number, random: Random) {
    this.#site = site
    this.#control = `http://127.0.0.1:${controlPort}`
    this.#random = random
  }

  /** Acts until the controller has lived for so long, and then cuts its power. */
  async liveFor(kiosk: Running, lifeMs: number): Promise<void> {
    const cut = setTimeout(() => kiosk.child.kill('SIGKILL'), lifeMs)
    const panel = await Panel.open(this.#site.screenPort)
    while (kiosk.child.exitCode === null && kiosk.child.signalCode === null) {
      if (!panel.isClosed) await this.#act(panel, false)
      await pause(stepMs)
    }
    clearTimeout(cut)
    panel.close()
    await kiosk.ended
  }

  /** The register, once nothing runs any more. */
  async endInPeace(): Promise<number> {
    const panel = await Panel.open(this.#site.screenPort)
    for (let waitedMs = 0; panel.phase?.kind !== 'available'; waitedMs += stepMs) {
      if (waitedMs > peaceMs) throw new Error(`The last session did not end: ${panel.phase?.kind ?? 'none'}`)
      await this.#act(panel, true)
      await pause(stepMs)
    }
    panel.close()
    const { connectors } = await this.#hand('state')
    return connectors[0]?.registerWh ?? Number.NaN
  }

  async #act(panel: Panel, isLast: boolean): Promise<void> {
    const { phase } = panel
    switch (phase?.kind) {
      case 'available':
        if (!isLast) await this.#hand('plug')
        return
      case 'offering': {
        if (isLast) return void (await this.#hand('unplug'))
        this.#drivers += 1
        const text = await authorizationFor(phase.offerCode, `driver ${this.#drivers}`, holdMinor)
        return panel.say({ type: 'scanned', connectorId: 1, text })
      }
      case 'charging': {
        const chance = Math.floor(fractionFrom(this.#random) * 40)
        if (isLast || chance === 0) return void (await this.#hand('unplug'))
        if (chance === 1 && phase.stopCode !== null)
          panel.say({ type: 'stop', connectorId: 1, stopCode: phase.stopCode })
        return
      }
      case 'finished':
        return void (await this.#hand('unplug'))
      default:
        return
    }
  }

  async #hand(act: string): Promise<{ readonly connectors: readonly { readonly registerWh: number }[] }> {
    const method = act === 'state' ? {} : { method: 'POST', body: '{}' }
    const answer = await fetch(`${this.#control}/${act}`, method)
    return (await answer.json()) as { connectors: { registerWh: number }[] }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
