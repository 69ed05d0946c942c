/**
 * Tells systemd that the controller is ready and alive. Node has no datagram sockets of the Unix kind, so systemd's own
 * command says it (ADR 0031); where no service manager asks, nothing happens.
 */

import { spawn } from 'node:child_process'

export interface ServiceNotifier {
  ready(): void
  stopping(): void
}

/**
 * @param isAlive asked before each sign of life: without one for WatchdogSec, systemd starts the process afresh. That
 * timers still run is what a sign of life says anyway.
 */
export function serviceNotifier(
  environment: Readonly<Record<string, string | undefined>>,
  isAlive: () => boolean,
): ServiceNotifier {
  if (environment['NOTIFY_SOCKET'] === undefined) return { ready: () => undefined, stopping: () => undefined }
  const watchdogUs = Number(environment['WATCHDOG_USEC'] ?? 0)
  let beating: ReturnType<typeof setInterval> | undefined
  return {
    ready() {
      notify('READY=1')
      if (watchdogUs <= 0) return
      const beatMs = Math.max(1, Math.floor(watchdogUs / 3_000))
      beating = setInterval(() => {
        if (isAlive()) notify('WATCHDOG=1')
      }, beatMs)
    },
    stopping() {
      clearInterval(beating)
      notify('STOPPING=1')
    },
  }
}

/** A missing command is the unit's affair: systemd will say that nobody reported. */
function notify(state: string): void {
  spawn('systemd-notify', [`--pid=${process.pid}`, state], { stdio: 'ignore' }).on('error', () => undefined)
}
