/** Doctor's question about the site's own CSMS: asked of the running controller, or of what waits on the disk. */

import { existsSync } from 'node:fs'
import type { KioskConfig } from '../config'
import { outboxPath } from '../forward/open-forwarding'
import { Outbox } from '../forward/outbox'
import { systemClock } from '../system'
import { broken, doubtful, well, type Finding } from './finding'

const check = 'forwarding'
const advice = 'docs/forwarding.md says what each fault means.'

export function runningForwardFindings(
  config: KioskConfig,
  health: Readonly<Record<string, unknown>>,
): readonly Finding[] {
  if (config.forwards.length === 0) return []
  const say = (name: string): string => String(health[name] ?? 'unknown')
  const found = `${say('forwardConnected')} of ${say('forwardChargers')} connected, ${say('forwardWaiting')} messages wait, the oldest for ${say('forwardOldestUnsentS')} s, ${say('forwardSetAside')} were never taken`
  const fault = say('forwardFault')
  return fault === 'none' && health['forwardSetAside'] === 0
    ? [well(check, found)]
    : [doubtful(check, `${found}; ${fault}`, advice)]
}

export function stoppedForwardFindings(config: KioskConfig, journalKey: string): readonly Finding[] {
  const path = outboxPath(config.dataFolder)
  if (config.forwards.length === 0) return []
  if (!existsSync(path)) return [well(check, 'nothing was kept yet')]
  try {
    const outbox = new Outbox(path, journalKey)
    try {
      return config.forwards.map(({ charger, url }) => {
        const { waiting, oldestAtS, setAside } = outbox.figures(charger)
        const ageS = oldestAtS === undefined ? 0 : systemClock.nowS() - oldestAtS
        const found = `${charger} to ${url}: ${waiting} messages wait, the oldest for ${ageS} s, ${setAside} were never taken`
        const [latest] = outbox.aside(charger)
        return latest === undefined
          ? well(check, found)
          : doubtful(check, `${found}, the latest ${latest.action}: ${latest.reason}`, advice)
      })
    } finally {
      outbox.close()
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return [
      broken(
        check,
        `${path}: ${detail}`,
        'At its next start the controller puts it aside and begins another.',
      ),
    ]
  }
}
