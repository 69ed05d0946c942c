/** `npm run simulate`: reads the trace, replays it, prints the table and says by its exit code whether all is well. */

import { EUR } from '@/lib/core/currency'
import { figuresOf, findFaults } from '@/simulator/replay/outcome'
import { replay } from '@/simulator/replay/replay'
import { generateCorridor, parseCorridor, type TraceSession } from '@/simulator/traces/corridor'
import { readTrace } from '@/simulator/traces/find-data'
import { PlainFailure } from '../setup/plain-failure.mjs'
import { Interrupted, listenForInterruption } from '../start/interruption'
import { readOptions, usage, type SimulateOptions } from './options'
import { sessionTable, summaryLines } from './table'
import { openTemporaryPlace, type TemporaryPlace } from './temporary-place'

const corridorFile = 'a9_corridor_rapid_2016-2018.csv'

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const print = (text: string): void => void process.stdout.write(`${text}\n`)

/** Gives the exit code. */
export async function simulate(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (!options.ok) {
    say(`${options.error}\n\n${usage}`)
    return 1
  }
  const trace = sessionsOf(options.value)
  if (trace.length === 0) throw new PlainFailure('The trace has no session in these days.')
  // A reader who leaves early (`| head`) must not keep us from removing what we made.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const interruption = listenForInterruption()
  const place = await openTemporaryPlace()
  try {
    return await interruption.during(run(options.value, trace, place))
  } catch (failure) {
    if (failure instanceof Interrupted) return await leave(place)
    throw failure
  } finally {
    await place.remove()
  }
}

/** Ctrl-C: the database goes away under a world that still runs, so what that world says does not matter any more. */
async function leave(place: TemporaryPlace): Promise<never> {
  process.on('unhandledRejection', () => undefined)
  process.on('uncaughtException', () => undefined)
  await place.remove()
  process.exit(130)
}

function sessionsOf({ trace, window, seed }: SimulateOptions): readonly TraceSession[] {
  const text = trace === 'a9' ? readTrace(corridorFile) : undefined
  if (text === undefined) {
    const why = trace === 'a9' ? `${corridorFile} was not found: made-up` : 'Made-up'
    say(`${why} sessions of the same shape, from seed ${seed}.`)
    return generateCorridor(seed, window)
  }
  const parsed = parseCorridor(text, window)
  if (!parsed.ok) throw new PlainFailure(`${corridorFile} cannot be read at ${parsed.error}.`)
  return parsed.value
}

async function run(
  { window, seed, raisedCaps, json }: SimulateOptions,
  trace: readonly TraceSession[],
  { databaseUrl, folder }: { readonly databaseUrl: string; readonly folder: string },
): Promise<number> {
  say(`${trace.length} sessions, seed ${seed}, ${raisedCaps ? 'caps raised' : 'the usual caps'}.`)
  const facts = await replay({ trace, window, seed, raisedCaps, databaseUrl, folder, onProgress: say })
  const figures = figuresOf(facts)
  for (const line of sessionTable(facts.sessions, EUR)) print(line)
  print('')
  for (const line of summaryLines(figures, EUR)) print(line)
  const faults = findFaults(facts)
  for (const fault of faults) say(fault)
  if (json) print(JSON.stringify(figures))
  return faults.length === 0 ? 0 : 1
}
