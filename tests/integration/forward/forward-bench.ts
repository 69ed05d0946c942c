/** A controller's OCPP side with forwarding, a virtual charger, and a site CSMS, all on real sockets in one process. */

import { chargePointIdentity } from '@/charger-kiosk/ocpp/ids'
import { createForwarder, type Forwarder } from '@/charger-kiosk/forward/forwarder'
import { Outbox } from '@/charger-kiosk/forward/outbox'
import type { Desk } from '@/charger-kiosk/forward/ports'
import { usualRights, type ForwardTarget } from '@/charger-kiosk/forward/settings'
import type { CentralSystem, ChargerCommands } from '@/charger-kiosk/ocpp/port'
import { systemClock, systemTimers } from '@/charger-kiosk/system'
import { openBench, type Bench } from '../ocpp/recording-shell'
import type { SiteCsms } from './site-csms'

export interface ForwardBench {
  readonly bench: Bench
  readonly forwarder: Forwarder
  readonly outbox: Outbox
  /** As the controller has them: with the tags of transactions noted. */
  readonly commands: ChargerCommands
  readonly desk: RecordingDesk
  close(): Promise<void>
}

/** Stands for the controller: remembers what was asked of it. */
export class RecordingDesk implements Desk {
  readonly notes: { action: string; outcome: string }[] = []
  readonly incidents: string[] = []
  readonly stopped: number[] = []
  sessions: { evseId: number; connectorId: number; transactionId: number | undefined }[] = []
  limitChanges = 0
  obeys = true
  readonly site = {
    openSessions: () => this.sessions,
    stop: (_identity: string, id: number) => {
      const known = this.sessions.some(({ transactionId }) => transactionId === id)
      if (known) this.stopped.push(id)
      return Promise.resolve(known)
    },
    note: (_identity: string, { action, outcome }: { action: string; outcome: string }) => {
      this.notes.push({ action, outcome })
      return Promise.resolve()
    },
    incident: (what: string, detail: string) => {
      this.incidents.push(`${what} ${detail}`)
      return Promise.resolve()
    },
  }

  outsideLimitsChanged(): boolean {
    this.limitChanges += 1
    return this.obeys
  }
}

export const charger = chargePointIdentity('CP-1')

/** Fast enough for a test, in the order of the real ones. */
export const quickPace = { reconnectMs: 30, reconnectMsMax: 200, answerMs: 150, againMs: 5, absenceMs: 300 }

export async function openForwardBench(
  site: SiteCsms,
  version: '1.6' | '2.0.1',
  changes: Partial<ForwardTarget> & { readonly path?: string } = {},
): Promise<ForwardBench> {
  const { path = ':memory:', ...target } = changes
  const outbox = new Outbox(path, 'x'.repeat(32))
  const desk = new RecordingDesk()
  const started: { central?: CentralSystem } = {}
  const forwarder = createForwarder(
    [
      {
        charger,
        url: site.url,
        identity: 'SITE-7',
        password: undefined,
        tls: undefined,
        version,
        rights: usualRights,
        settings: [],
        queueMax: 20_000,
        backfillPerSecond: 200,
        ...target,
      },
    ],
    {
      outbox,
      clock: systemClock,
      timers: systemTimers,
      central: () => started.central,
      desk: () => desk,
      log: () => undefined,
      phaseVoltageV: 230,
      pace: quickPace,
    },
  )
  const bench = await openBench({ tap: forwarder.tap }, version)
  started.central = bench.system
  forwarder.start()
  return {
    bench,
    forwarder,
    outbox,
    desk,
    commands: forwarder.noting(charger, bench.commands),
    async close() {
      await bench.close()
      await forwarder.close()
    },
  }
}
