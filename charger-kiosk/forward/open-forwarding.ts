/** Opens forwarding for a controller that is starting: its file, its chargers, and the figures that others show of it. */

import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Timers } from '@/lib/core/clock'
import type { CentralSystem } from '../ocpp/port'
import { createForwarder, type Forwarder } from './forwarder'
import { Outbox } from './outbox'
import type { Desk, ForwarderPorts } from './ports'
import type { ForwardTarget } from './settings'

export interface ForwardingParts {
  readonly dataFolder: string
  /** Random text from the key store; the journal's. */
  readonly encryptionKey: string
  readonly clock: Clock
  readonly timers: Timers
  readonly phaseVoltageV: number
  readonly central: () => CentralSystem | undefined
  readonly desk: () => Desk | undefined
  readonly log: ForwarderPorts['log']
}

export const outboxPath = (dataFolder: string): string => join(dataFolder, 'forward.db')

/** Undefined where no charger is forwarded, or where nothing can be kept: sessions go on all the same. */
export function openForwarding(
  targets: readonly ForwardTarget[],
  parts: ForwardingParts,
): Forwarder | undefined {
  if (targets.length === 0) return undefined
  const outbox = openOutbox(outboxPath(parts.dataFolder), parts)
  if (outbox === undefined) return undefined
  return createForwarder(targets, { ...parts, outbox })
}

const companions = ['', '-wal', '-shm']

/** A damaged file is moved away and a new one begun: what the site was to hear is worth less than charging. */
function openOutbox(path: string, { encryptionKey, clock, log }: ForwardingParts): Outbox | undefined {
  try {
    return new Outbox(path, encryptionKey)
  } catch (error) {
    log('forward-damaged', { detail: String(error) })
  }
  try {
    for (const end of companions) {
      if (existsSync(path + end)) renameSync(path + end, `${path}.damaged-${clock.nowS()}${end}`)
    }
    return new Outbox(path, encryptionKey)
  } catch (error) {
    log('forward-failed', { detail: String(error) })
    return undefined
  }
}
