/**
 * Forwarding to the site's own CSMS, of all chargers that have one: hears what chargers say, keeps it, tells it, and takes
 * the site's commands. Start reading at `createForwarder`; docs/forwarding.md says what a site CSMS sees.
 */

import type { BayAddress } from '../controller/bays'
import type { OutsideLimits } from '../controller/power-keeper'
import type { ChargePointIdentity, TransactionId } from '../ocpp/ids'
import type { ChargerCommands, MessageTap } from '../ocpp/port'
import { ForwardedCharger } from './forwarded-charger'
import type { ForwarderPorts, ForwardFigures } from './ports'
import type { ForwardTarget } from './settings'

export interface Forwarder {
  readonly tap: MessageTap
  readonly limits: OutsideLimits
  /** Remembers which transactions are ours before a charger hears of them. */
  noting(identity: ChargePointIdentity, commands: ChargerCommands): ChargerCommands
  figures(): readonly ForwardFigures[]
  start(): void
  close(): Promise<void>
}

export function createForwarder(targets: readonly ForwardTarget[], ports: ForwarderPorts): Forwarder {
  const chargers = new Map(targets.map((target) => [target.charger, new ForwardedCharger(target, ports)]))
  const wrapped = new Map<ChargePointIdentity, ChargerCommands>()
  return {
    tap: {
      linked: (identity, subprotocol) => chargers.get(identity)?.linked(subprotocol),
      unlinked: (identity) => chargers.get(identity)?.unlinked(),
      heard: (message) => chargers.get(message.identity)?.heard(message),
    },
    limits: {
      ofBay: ({ identity, evseId }: BayAddress, id: TransactionId) =>
        chargers.get(identity)?.limitOf({ evseId, transactionId: id }),
      ofStation: (identity) => chargers.get(identity)?.stationLimit(),
    },
    noting(identity, commands) {
      const charger = chargers.get(identity)
      if (charger === undefined) return commands
      const known = wrapped.get(identity)
      if (known !== undefined) return known
      const noting: ChargerCommands = {
        ...commands,
        remoteStart(request) {
          charger.noteTag(request.idTag)
          return commands.remoteStart(request)
        },
      }
      wrapped.set(identity, noting)
      return noting
    },
    figures: () => [...chargers.values()].map((charger) => charger.figures(ports.clock.nowS())),
    start() {
      for (const charger of chargers.values()) charger.start()
    },
    async close() {
      await Promise.all([...chargers.values()].map((charger) => charger.close()))
      ports.outbox.close()
    },
  }
}
