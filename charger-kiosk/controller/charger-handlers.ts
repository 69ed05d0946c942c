/**
 * What an OCPP charger says, as events of its connectors. A message is acknowledged only after it is durable; when it
 * could not be written, the handler rejects and the charger sends it again.
 */

import type { EpochSeconds } from '@/lib/core/units'
import { transactionId, type ChargePointIdentity, type TransactionId } from '../ocpp/ids'
import type {
  ChargerEvent,
  ChargerHandlers,
  MeterValuesEvent,
  ReportedTime,
  Socket,
  StartTransactionAnswer,
  StartTransactionRequest,
  StatusEvent,
  StopTransactionNotice,
} from '../ocpp/port'
import { permits, type ConnectorEvent, type ConnectorState } from '../session/connector-state'
import { tagOf } from '../session/transaction-tag'
import type { CardDesk } from './card-desk'
import { openByCard, type CardStarts } from './card-starts'
import { durable } from './durable'
import { examineSamples, meterTrust } from './meter-evidence'
import type { Shell } from './shell'

/** Transactions that ended lately: their late and repeated messages are no news. */
const endedRememberedMax = 64
/** A transaction that nobody authorized is told to stop again after this long. */
const stopOrphanAgainMs = 30_000

/** What cards at a charger's own reader need besides. */
export interface CardParts {
  readonly desk: CardDesk
  readonly starts: CardStarts
}

export function chargerHandlers(shell: Shell, cards: CardParts): ChargerHandlers {
  const orphans = new OrphanStops(shell)
  const ended = new RecentlyEnded()
  return {
    onEvent: (event) => shell.run(() => takeEvent(shell, event, orphans, cards.desk)),
    onStartTransaction: (request) => shell.run(() => startTransaction(shell, request, cards.starts)),
    onStopTransaction: (notice) => shell.run(() => stopTransaction(shell, notice, ended, cards.starts)),
    onAuthorize: (request) =>
      shell.run(async () =>
        findByTag(shell, request.identity, request.idTag) === undefined
          ? cards.desk.authorize(request)
          : { status: 'Accepted' },
      ),
  }
}

async function takeEvent(
  shell: Shell,
  event: ChargerEvent,
  orphans: OrphanStops,
  desk: CardDesk,
): Promise<void> {
  switch (event.type) {
    case 'connected':
      shell.ports.log?.('charger-connected', { identity: event.identity })
      return durable(await toBaysOf(shell, event.identity, { kind: 'link', isUp: true }))
    case 'disconnected':
      shell.ports.log?.('charger-disconnected', { identity: event.identity })
      return durable(await toBaysOf(shell, event.identity, { kind: 'link', isUp: false }))
    case 'booted':
      return durable(await toBaysOf(shell, event.identity, { kind: 'charger-booted' }))
    case 'status':
      return takeStatus(shell, event, desk)
    case 'meter-values':
      return takeMeterValues(shell, event, orphans)
    case 'incident': {
      const detail = `${event.identity}: ${event.action ?? ''} ${event.detail}`
      return durable(await shell.write([shell.incident(`ocpp.${event.kind}`, detail)]))
    }
    case 'configured':
      shell.ports.log?.('charger-configured', event.outcomes)
      return
    case 'heartbeat':
      return
  }
}

/** What a charger says of its link or its boot is no news for the bays of another one. */
const toBaysOf = (shell: Shell, identity: ChargePointIdentity, event: ConnectorEvent) =>
  shell.dispatchTo(shell.bays.baysOf(identity), event)

async function takeStatus(shell: Shell, { status, ...socket }: StatusEvent, desk: CardDesk): Promise<void> {
  const { identity, info, vendorErrorCode } = socket
  const tamper = shell.anomalies.heardStatus(identity, [info, vendorErrorCode], shell.time.now().monotonicMs)
  if (tamper !== undefined) durable(await shell.write([shell.incident(tamper.what, tamper.detail)]))
  if (socket.connectorId === 0) {
    const isInService = status !== 'Faulted' && status !== 'Unavailable'
    return shell.setService(shell.bays.baysOf(socket.identity), isInService)
  }
  const state = stateAt(shell, socket)
  if (state === undefined) return
  durable(await shell.dispatch(state.connectorId, { kind: 'status', status }))
  if (status === 'Preparing') await desk.pluggedIn(identity, state.connectorId)
}

/** A reading with a transaction belongs to that one; without, to the connector that it names, never to all. */
async function takeMeterValues(
  shell: Shell,
  { transactionId: id, samples, ...socket }: MeterValuesEvent,
  orphans: OrphanStops,
): Promise<void> {
  const { identity } = socket
  const state = id === undefined ? stateAt(shell, socket) : findRunning(shell, identity, id)
  if (id !== undefined && state === undefined) return orphans.stop(identity, id)
  if (state === undefined || runningId(state) === undefined) return
  const { connectorId } = state
  // Not made durable, it is not lost: the next reading says all that this one did.
  const records = examineSamples(shell, state, samples)
  await shell.dispatch(connectorId, { kind: 'readings', samples, inTransaction: id !== undefined, records })
}

/** Energy that nobody authorized, or that goes on after its receipt: the charger is told to stop, and told again. */
class OrphanStops {
  readonly #shell: Shell
  readonly #toldAtMs = new Map<string, number>()

  constructor(shell: Shell) {
    this.#shell = shell
  }

  async stop(identity: ChargePointIdentity, id: TransactionId): Promise<void> {
    const name = nameOf(identity, id)
    const nowMs = this.#shell.ports.clock.monotonicMs()
    const toldAtMs = this.#toldAtMs.get(name)
    if (toldAtMs !== undefined && nowMs - toldAtMs < stopOrphanAgainMs) return
    if (this.#toldAtMs.size > endedRememberedMax) this.#toldAtMs.clear()
    this.#toldAtMs.set(name, nowMs)
    void this.#shell.ports.charger(identity)?.remoteStop(id)
    if (toldAtMs !== undefined) return
    const event = this.#shell.incident(
      'ocpp.orphan-transaction',
      `${identity}: transaction ${id} is not running here`,
    )
    durable(await this.#shell.write([event]))
  }
}

/** Ids are given out by this controller, each durable before the charger learns it, unless the charger names its own. */
async function startTransaction(
  shell: Shell,
  request: StartTransactionRequest,
  starts: CardStarts,
): Promise<StartTransactionAnswer> {
  const state = findStart(shell, request)
  const byCard = state === undefined ? await starts.begin(request) : undefined
  if (byCard !== undefined) return byCard
  const running = state === undefined ? undefined : runningId(state)
  if (running !== undefined) return { transactionId: running, status: 'Accepted' }
  const id = request.transactionId ?? transactionId(shell.books.counters.transactionId + 1)
  const writes = request.transactionId === undefined ? [shell.books.prepareTransaction(id)] : []
  if (state === undefined) {
    // Whose card it was stands on the card: its number is nobody's business here.
    const detail = `${request.identity}: a tag that nobody knows, at connector ${request.connectorId}`
    durable(await shell.write([shell.incident('ocpp.unknown-start', detail)], writes))
    return { transactionId: id, status: 'Invalid' }
  }
  const event = {
    kind: 'transaction-started',
    transactionId: id,
    meterStartWh: request.meterStartWh,
    startS: startTime(shell, state, request.time),
    expectsRecords: meterTrust(shell).keyHash !== undefined,
  } as const
  durable(await shell.dispatch(state.connectorId, event, { writes }))
  return { transactionId: id, status: 'Accepted' }
}

/** By its tag; a charger that sends none means the session that waits at its connector. */
function findStart(shell: Shell, request: StartTransactionRequest): ConnectorState | undefined {
  const { identity, idTag } = request
  const found = idTag === '' ? stateAt(shell, request) : findByTag(shell, identity, idTag)
  return found !== undefined && permits[found.phase.kind].start ? found : undefined
}

/** Tags are parts of session ids, so no two sessions share one; another charger may still repeat what it overheard. */
function findByTag(shell: Shell, identity: ChargePointIdentity, tag: string): ConnectorState | undefined {
  return statesOf(shell, identity).find(
    ({ phase }) =>
      'session' in phase && permits[phase.kind].open && tagOf(phase.session.sessionId) === tag.toLowerCase(),
  )
}

/** The charger's own time where it fits between the accept and now; a start may arrive late. */
function startTime(shell: Shell, { phase }: ConnectorState, time: ReportedTime): EpochSeconds {
  const { timeS } = shell.time.now()
  const acceptedAtS = 'session' in phase ? phase.session.acceptedAtS : timeS
  const { reportedAtS, plausible } = time
  const fits = plausible && reportedAtS !== undefined && reportedAtS >= acceptedAtS && reportedAtS <= timeS
  return fits ? reportedAtS : timeS
}

async function stopTransaction(
  shell: Shell,
  notice: StopTransactionNotice,
  ended: RecentlyEnded,
  starts: CardStarts,
): Promise<void> {
  const state = findStop(shell, notice)
  const { meterStopWh, reason, time, samples } = notice
  if (state === undefined) {
    if (notice.transactionId !== undefined && ended.has(notice.identity, notice.transactionId)) return
    if (await starts.endedUnseen(notice)) return
    const detail = `${notice.identity}: transaction ${notice.transactionId ?? 'unknown'}, meter ${meterStopWh ?? 'unknown'}, ${reason}`
    return durable(await shell.write([shell.incident('ocpp.unknown-stop', detail)]))
  }
  const id = runningId(state)
  const records = examineSamples(shell, state, samples)
  const event = { kind: 'transaction-stopped', meterStopWh, reason, time, samples, records } as const
  durable(await shell.dispatch(state.connectorId, event, { writes: starts.stopSeen(notice, state) }))
  if (id !== undefined) ended.add(notice.identity, id)
}

/** By transaction id; without one by tag; without either it can only be the one session that runs. */
function findStop(shell: Shell, notice: StopTransactionNotice): ConnectorState | undefined {
  const { identity, transactionId: id, idTag } = notice
  const open = statesOf(shell, identity).filter(({ phase }) => permits[phase.kind].start)
  if (id !== undefined) return open.find((state) => runningId(state) === id)
  if (idTag !== undefined && idTag !== '') {
    const tagged = findByTag(shell, identity, idTag) ?? openByCard(shell, notice)
    return tagged !== undefined && open.includes(tagged) ? tagged : undefined
  }
  const running = open.filter((state) => runningId(state) !== undefined)
  return running.length === 1 ? running[0] : undefined
}

const statesOf = (shell: Shell, identity: ChargePointIdentity): readonly ConnectorState[] =>
  shell.statesAt(identity)

/** An EVSE with several connectors charges at one of them: where none is named, it is the one with a session. */
function stateAt(shell: Shell, { identity, connectorId, evseConnector }: Socket): ConnectorState | undefined {
  const bay = shell.bays.bayOf(identity, connectorId, evseConnector)
  if (bay !== undefined) return shell.connector(bay)
  if (evseConnector !== undefined) return undefined
  const open = statesOf(shell, identity).filter(
    (state) => shell.addressOf(state.connectorId)?.evseId === connectorId && permits[state.phase.kind].open,
  )
  return open.length === 1 ? open[0] : undefined
}

/** Two chargers may both have a transaction 7 (a controller before this one gave it). */
const findRunning = (
  shell: Shell,
  identity: ChargePointIdentity,
  id: TransactionId,
): ConnectorState | undefined => statesOf(shell, identity).find((state) => runningId(state) === id)

const nameOf = (identity: ChargePointIdentity, id: TransactionId): string => `${identity} ${id}`

const runningId = ({ phase }: ConnectorState): TransactionId | undefined =>
  phase.kind === 'charging' || phase.kind === 'stopping' ? phase.running.transactionId : undefined

class RecentlyEnded {
  readonly #ids = new Set<string>()

  has(identity: ChargePointIdentity, id: TransactionId): boolean {
    return this.#ids.has(nameOf(identity, id))
  }

  add(identity: ChargePointIdentity, id: TransactionId): void {
    this.#ids.add(nameOf(identity, id))
    const [oldest] = this.#ids
    if (this.#ids.size > endedRememberedMax && oldest !== undefined) this.#ids.delete(oldest)
  }
}
