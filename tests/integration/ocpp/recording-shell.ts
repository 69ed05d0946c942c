/** A session shell that only remembers what it was told, and a controller and charger around it on a free port. */

import { expectOk } from '@/lib/core/result'
import { durationMs } from '@/lib/core/units'
import { startCentralSystem } from '@/charger-kiosk/ocpp/central-system'
import { chargePointIdentity, transactionId } from '@/charger-kiosk/ocpp/ids'
import type {
  AuthorizationStatus,
  AuthorizeAnswer,
  CentralSystem,
  CentralSystemSettings,
  ChargerCommands,
  ChargerEvent,
  ChargerHandlers,
  Incident,
  IncidentKind,
  StartTransactionRequest,
  StopTransactionNotice,
} from '@/charger-kiosk/ocpp/port'
import { systemClock, systemTimers } from '@/charger-kiosk/system'
import type { OcppVersion } from '@/simulator/charger/socket-link'
import type { ChargerSettings } from '@/simulator/charger/state'
import { VirtualCharger } from '@/simulator/charger/virtual-charger'

export type Note =
  | ChargerEvent
  | { readonly type: 'start'; readonly request: StartTransactionRequest }
  | { readonly type: 'stop'; readonly notice: StopTransactionNotice }

export class RecordingShell implements ChargerHandlers {
  readonly notes: Note[] = []
  /** Fails the next so many transaction messages, as a full disk would. */
  failuresLeft = 0
  startStatus: AuthorizationStatus = 'Accepted'
  readonly #watchers = new Set<() => void>()
  #nextTransaction = 1

  onEvent(event: ChargerEvent): void {
    this.#note(event)
  }

  async onStartTransaction(request: StartTransactionRequest) {
    this.#failIfTold()
    this.#note({ type: 'start', request })
    const id = request.transactionId ?? transactionId(this.#nextTransaction++)
    return { transactionId: id, status: this.startStatus }
  }

  async onStopTransaction(notice: StopTransactionNotice): Promise<void> {
    this.#failIfTold()
    this.#note({ type: 'stop', notice })
  }

  async onAuthorize(): Promise<AuthorizeAnswer> {
    return { status: 'Invalid' }
  }

  incidents(kind: IncidentKind): readonly Incident[] {
    return this.ofType('incident').filter((incident) => incident.kind === kind)
  }

  ofType<T extends Note['type']>(type: T): readonly Extract<Note, { type: T }>[] {
    return this.notes.filter((note): note is Extract<Note, { type: T }> => note.type === type)
  }

  /** Resolves once the notes are such; the test's time limit is the time limit. */
  until(isReached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = (): void => {
        if (!isReached()) return
        this.#watchers.delete(watch)
        resolve()
      }
      this.#watchers.add(watch)
      watch()
    })
  }

  #note(note: Note): void {
    this.notes.push(note)
    for (const watch of [...this.#watchers]) watch()
  }

  #failIfTold(): void {
    if (this.failuresLeft === 0) return
    this.failuresLeft -= 1
    throw new Error('disk full')
  }
}

const time = { clock: systemClock, timers: systemTimers }
export const identity = chargePointIdentity('CP-1')

export interface Bench {
  readonly shell: RecordingShell
  readonly system: CentralSystem
  readonly commands: ChargerCommands
  /** Made on first use, so that a test may connect something else instead. */
  readonly charger: (settings?: Partial<ChargerSettings>, password?: string) => VirtualCharger
  readonly url: string
  close(): Promise<void>
}

export async function openBench(
  settings: Partial<CentralSystemSettings> = {},
  version: OcppVersion = '1.6',
): Promise<Bench> {
  const shell = new RecordingShell()
  const system = expectOk(
    await startCentralSystem(
      {
        port: 0,
        chargers: [{ identity }],
        meterIntervalS: 1,
        commandTimeoutMs: durationMs(10_000),
        ...settings,
      },
      shell,
      time,
    ),
    'a free port can be listened on',
  )
  const commands = system.charger(identity)
  if (commands === undefined) throw new Error('the charger is in the settings')
  const chargers: VirtualCharger[] = []
  const url = `ws://127.0.0.1:${system.port}/ocpp`
  return {
    shell,
    system,
    commands,
    url,
    charger(chargerSettings = {}, password) {
      const login = password === undefined ? {} : { password }
      const charger = new VirtualCharger(
        { url, identity, version, reconnectMs: 20, ...login, settings: chargerSettings },
        time,
      )
      chargers.push(charger)
      charger.start()
      return charger
    },
    async close() {
      for (const charger of chargers) charger.stop()
      await system.close()
    },
  }
}
