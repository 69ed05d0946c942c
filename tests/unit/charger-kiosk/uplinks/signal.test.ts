import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SignalWatch, wifiSignal } from '@/charger-kiosk/uplinks/signal'
import { ManualTime } from '@/simulator/charger/manual-time'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signal-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** As Linux writes it. */
const wireless = (
  line: string,
) => `Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
${line}
`

test.each([
  ['wlan0: 0000   49.  -61.  -256        0      0      0      0      5        0', 70],
  ['wlan0: 0000   70   -30   -256        0      0      0      0      5        0', 100],
  ['wlan0: 0000    0.  -110. -256        0      0      0      0      5        0', 0],
  ['wlan1: 0000   49.  -61.  -256        0      0      0      0      5        0', undefined],
  ['wlan0: 0000', undefined],
  ['', undefined],
])('%j is %s percent', async (line, percent) => {
  const path = join(folder, 'wireless')
  writeFileSync(path, wireless(line))
  expect(await wifiSignal('wlan0', path)()).toBe(percent)
})

test('a machine without Wi-Fi has no signal that is known', async () => {
  expect(await wifiSignal('wlan0', join(folder, 'nothing'))()).toBeUndefined()
})

test('what was read is believed for three minutes, and a reader that is silent for a minute changes nothing', async () => {
  const time = new ManualTime()
  const readings: (number | undefined)[] = [40, undefined, 60]
  const watch = new SignalWatch(() => Promise.resolve(readings.shift()), { clock: time, timers: time })
  expect(watch.percent).toBeUndefined()
  await watch.start()
  expect(watch.percent).toBe(40)
  await time.advance(60_000)
  expect(watch.percent).toBe(40)
  await time.advance(60_000)
  expect(watch.percent).toBe(60)
  await time.advance(180_000)
  expect(watch.percent).toBe(60)
  await time.advance(1_000)
  expect(watch.percent).toBeUndefined()
})
