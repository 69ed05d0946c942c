/** Doctor's questions to the machine: disk, folders, clock, network, camera, radio, screen files. */

import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { buildTimeS } from '../build-facts'
import type { KioskConfig } from '../config'
import { broken, doubtful, well, type Finding } from './finding'

const mebibyte = 1_048_576

export function folderFinding({ dataFolder }: KioskConfig): Finding {
  const check = 'folder'
  const stat = statSync(dataFolder, { throwIfNoEntry: false })
  if (stat === undefined) {
    return broken(check, `${dataFolder} does not exist`, 'Make it: outpost-kiosk init, or mkdir -m 700.')
  }
  const mine = process.getuid?.() === stat.uid
  const mode = (stat.mode & 0o777).toString(8)
  if ((stat.mode & 0o077) !== 0) {
    return broken(check, `${dataFolder} has mode ${mode}`, `Others can look inside: chmod 700 ${dataFolder}`)
  }
  return mine
    ? well(check, `${dataFolder}, mode ${mode}`)
    : doubtful(
        check,
        `${dataFolder} belongs to user ${stat.uid}`,
        'Ask as the user under which the controller runs.',
      )
}

/** A month of one charger's life takes less than 200 MB. */
export function spaceFinding({ dataFolder }: KioskConfig): Finding {
  const check = 'disk space'
  if (!existsSync(dataFolder)) return broken(check, 'there is no data folder', 'See folder.')
  const { bavail, bsize } = statfsSync(dataFolder)
  const free = Math.floor((bavail * bsize) / mebibyte)
  const found = `${free} MB free`
  if (free < 50) return broken(check, found, 'The charger closes when the disk is full: free some space now.')
  return free < 500
    ? doubtful(check, found, 'Free some space, or shorten logs.filesMax.')
    : well(check, found)
}

/** Every answer to a phone waits for one of these. */
export function syncFinding({ dataFolder }: KioskConfig): Finding {
  const check = 'disk speed'
  const path = join(dataFolder, `.doctor-${process.pid}`)
  try {
    const file = openSync(path, 'wx', 0o600)
    const block = Buffer.alloc(4_096)
    const times = Array.from({ length: 15 }, () => {
      const before = performance.now()
      writeSync(file, block)
      fsyncSync(file)
      return performance.now() - before
    }).sort((a, b) => a - b)
    closeSync(file)
    const worst = times.at(-2) ?? 0
    const found = `a durable write takes ${(times[7] ?? 0).toFixed(1)} ms, at worst ${worst.toFixed(1)} ms`
    const advice = 'Use an industrial SD card (pSLC), eMMC or an SSD; see docs/hardware.md.'
    return worst > 250 ? doubtful(check, found, advice) : well(check, found)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return broken(check, `cannot write: ${detail}`, 'Mount the disk writable and check who owns the folder.')
  } finally {
    rmSync(path, { force: true })
  }
}

export function clockFinding(nowS: number): Finding {
  const check = 'clock'
  const at = new Date(nowS * 1_000).toISOString()
  if (nowS < buildTimeS) {
    return broken(
      check,
      `${at} is before this program was made`,
      'Set the clock, and fit a clock module with a battery.',
    )
  }
  const asked = spawnSync('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    encoding: 'utf8',
  })
  const isSynchronised =
    asked.stdout?.trim() === 'yes' ||
    existsSync('/run/systemd/timesync/synchronized') ||
    existsSync('/run/chrony/chronyd.pid')
  const hasOwnClock = existsSync('/dev/rtc0')
  const found = `${at}, ${isSynchronised ? 'set by the network' : 'not set by the network'}, ${hasOwnClock ? 'with' : 'without'} a clock of its own`
  if (hasOwnClock || isSynchronised) return well(check, found)
  return doubtful(
    check,
    found,
    'After a power cut without network the time is lost: fit a clock module (docs/hardware.md).',
  )
}

export async function cloudFinding({ cloudOrigin }: KioskConfig): Promise<Finding> {
  const check = 'cloud'
  try {
    const response = await fetch(new URL('/api/v1/health', cloudOrigin), {
      signal: AbortSignal.timeout(5_000),
      redirect: 'manual',
    })
    return response.status < 500
      ? well(check, `${cloudOrigin} answers`)
      : doubtful(check, `${cloudOrigin} answers ${response.status}`, 'Ask the operator. Charging goes on.')
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return doubtful(
      check,
      `${cloudOrigin} cannot be reached (${cause})`,
      'Charging works without it. It is needed to enrol, and now and then for news.',
    )
  }
}

export async function portFinding(
  { ocppHost: host, ocppPort: port }: KioskConfig,
  isRunning: boolean,
): Promise<Finding> {
  const check = 'OCPP port'
  if (isRunning) return well(check, `the controller listens at ${host}:${port}`)
  const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })
  if (problem === undefined) {
    return host === '127.0.0.1'
      ? doubtful(
          check,
          `${host}:${port} is free, and no charger elsewhere can reach it`,
          'Set ocpp.host to the address on the charger’s network.',
        )
      : well(check, `${host}:${port} is free`)
  }
  return problem.code === 'EADDRINUSE'
    ? broken(check, `another program has ${host}:${port}`, 'End it, or choose another ocpp.port.')
    : broken(check, `${host}:${port}: ${problem.message}`, 'Set ocpp.host to an address of this computer.')
}

export function cameraFinding(): Finding {
  const devices = existsSync('/dev') ? readdirSync('/dev').filter((name) => /^video\d+$/.test(name)) : []
  return devices.length > 0
    ? well('camera', devices.join(', '))
    : doubtful(
        'camera',
        'there is no /dev/video*',
        'Plug in a camera that Linux knows (UVC), or enable the ribbon camera.',
      )
}

export function radioFinding(): Finding {
  const places = [
    '/usr/libexec/bluetooth/bluetoothd',
    '/usr/lib/bluetooth/bluetoothd',
    '/usr/sbin/bluetoothd',
  ]
  const hasDaemon = places.some((path) => existsSync(path))
  const adapters = existsSync('/sys/class/bluetooth') ? readdirSync('/sys/class/bluetooth') : []
  if (hasDaemon && adapters.length > 0) return well('Bluetooth', adapters.join(', '))
  return doubtful(
    'Bluetooth',
    hasDaemon ? 'there is no radio' : 'BlueZ is not installed',
    'Codes and cameras are enough. For Bluetooth: apt install bluez, and a radio.',
  )
}

export function screenFinding({ screenFolder }: KioskConfig): Finding {
  return existsSync(join(screenFolder, 'index.html'))
    ? well('screen', screenFolder)
    : broken('screen', `${screenFolder} has no index.html`, 'npm run build, or set screen.folder.')
}
