/** The virtual charger as a process of its own. Ends on SIGINT and SIGTERM. */

import type { AddressInfo } from 'node:net'
import { createControl } from './control'
import { readOptions, usage } from './options'
import { systemClock, systemTimers } from '@/charger-kiosk/system'
import { VirtualCharger } from './virtual-charger'

function main(): void {
  const options = readOptions(process.argv.slice(2), process.env)
  if (!options.ok) {
    process.stderr.write(`${options.error}\n\n${usage}\n`)
    process.exitCode = 2
    return
  }
  const { url, identity, password, version, controlPort, reconnectMs, ...settings } = options.value
  const login = password === undefined ? {} : { password }
  const time = { clock: systemClock, timers: systemTimers }
  const charger = new VirtualCharger({ url, identity, version, reconnectMs, ...login, settings }, time)
  const stop = (): void => {
    charger.stop()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // Whoever reads these lines may stop reading; that is no reason to stop charging.
  process.stdout.on('error', () => undefined)
  reportLink(charger, identity, url)
  if (controlPort !== undefined) listen(identity, charger, controlPort)
  charger.start()
}

function listen(identity: string, charger: VirtualCharger, port: number): void {
  const control = createControl(identity, charger)
  control.on('error', (error) => {
    process.stderr.write(`charger ${identity}: no control on port ${port}: ${error.message}\n`)
    process.exit(1)
  })
  control.listen({ host: '127.0.0.1', port }, () => {
    const { port: actual } = control.address() as AddressInfo
    process.stdout.write(`charger ${identity}: control http://127.0.0.1:${actual}\n`)
  })
}

/** One line whenever the link comes or goes. */
function reportLink(charger: VirtualCharger, identity: string, url: string): void {
  const next = (wasLinked: boolean): void => {
    void charger
      .until(({ isLinked }) => isLinked !== wasLinked)
      .then(({ isLinked }) => {
        process.stdout.write(`charger ${identity}: ${isLinked ? `linked to ${url}` : 'link lost'}\n`)
        next(isLinked)
      })
  }
  next(false)
}

main()
