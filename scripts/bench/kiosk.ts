/**
 * `npm run bench -- kiosk`: how soon the charger answers a phone, how many OCPP messages its controller takes, and what
 * is lost when the power is cut again and again.
 */

import { parseArgs } from 'node:util'
import { measureAnswers } from '@/tests/bench/answer-time'
import { progress, rounded } from '@/tests/bench/figures'
import { measureCodeToContactor } from '@/tests/bench/kiosk/code-to-contactor'
import { measureEvents } from '@/tests/bench/kiosk/events'
import { measureKills, type KillFigures } from '@/tests/bench/kiosk/kills'
import { measureMonth, type MonthFigures } from '@/tests/bench/kiosk/month'
import { simulateCuts } from '@/tests/bench/kiosk/simulated-cuts'
import { PlainFailure } from '../setup/plain-failure.mjs'

/** The object that `--json` prints. */
interface KioskFigures {
  readonly answerMsP99: number
  /** From a phone's code before the camera to the start command at the charger. */
  readonly codeToContactorMsP95: number
  /** OCPP 2.0.1 TransactionEvents a second with one charger and with twenty; the 95th percentile is of the twenty. */
  readonly events: { readonly one: number; readonly twenty: number; readonly p95Ms: number }
  /** Of the controller with twenty sessions under way. */
  readonly rssMb: number
  /** Thirty days of one charger's life without a network, and the start of its controller after them. */
  readonly month: MonthFigures
  /** Losses are of real and simulated cuts together. */
  readonly kills: KillFigures & { readonly simulatedRuns: number }
}

export const kioskUsage = `npm run bench -- kiosk [--json] [--kills 200] [--cuts 5000] [--seconds 10] [--screens [kiosk-offer]]
  --kills    how often the power is cut; each takes about two seconds
  --cuts     power cuts on a simulated disk that tears what was not synced; a hundred take about two seconds
  --seconds  how long each load of OCPP messages lasts
  --screens  only takes pictures of every state, or of those that begin so, for docs/screens`

const authorizationCount = 400
const codeCount = 40

export async function benchKiosk(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      screens: { type: 'boolean', default: false },
      kills: { type: 'string', default: '200' },
      cuts: { type: 'string', default: '5000' },
      seconds: { type: 'string', default: '10' },
    },
  })
  const [kills, cuts, seconds] = [Number(values.kills), Number(values.cuts), Number(values.seconds)]
  const areCounts = [kills, cuts].every((count) => Number.isInteger(count) && count > 0)
  if (!areCounts || !(seconds > 0)) throw new PlainFailure(kioskUsage)
  if (values.screens) {
    const { takeScreens } = await import('@/tests/bench/screens')
    const only = positionals.flatMap((names) => names.split(','))
    progress(`${await takeScreens('kiosk', only)} pictures in docs/screens`)
    return 0
  }
  const figures = await measure(kills, cuts, seconds)
  process.stdout.write(`${JSON.stringify(figures, undefined, values.json ? undefined : 2)}\n`)
  return 0
}

async function measure(kills: number, cuts: number, seconds: number): Promise<KioskFigures> {
  progress(`${authorizationCount} authorizations at a controller with its journal on disk`)
  const { answerMsP99 } = await measureAnswers(authorizationCount, () => undefined)
  progress(`${codeCount} codes before the camera`)
  const codeToContactorMsP95 = await measureCodeToContactor(codeCount)
  const one = await measureEvents(1, seconds * 1_000)
  const twenty = await measureEvents(20, seconds * 1_000)
  return {
    answerMsP99: rounded(answerMsP99),
    codeToContactorMsP95,
    events: { one: one.perSecond, twenty: twenty.perSecond, p95Ms: twenty.p95Ms },
    rssMb: twenty.rssMb,
    month: await measureMonth(),
    kills: await measureAllKills(kills, cuts),
  }
}

async function measureAllKills(kills: number, cuts: number): Promise<KioskFigures['kills']> {
  const simulated = await simulateCuts(cuts, 'power cuts', (done) => {
    if (done % 500 === 0) progress(`${done} simulated power cuts`)
  })
  const { realRuns, sessions, lostWh, lostMinor } = await measureKills(kills, 'power cuts')
  return {
    realRuns,
    simulatedRuns: simulated.runs,
    sessions: sessions + simulated.sessions,
    lostWh: lostWh + simulated.lostWh,
    lostMinor: lostMinor + simulated.lostMinor,
  }
}
