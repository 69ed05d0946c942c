/**
 * Thirty days of one charger's life without a network: the real controller on the product's store sells 1,500 sessions
 * and hears five million meter values, of which it keeps what a session stands at every ten seconds. Nothing is purged,
 * because nobody has acknowledged anything. Then the real process starts on that journal.
 */

import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadKnowledge } from '@/charger-kiosk/controller/knowledge'
import { journalPath } from '@/charger-kiosk/journal-place'
import { openDeviceKeys } from '@/charger-kiosk/keys/device-keys'
import { keysFolder } from '@/charger-kiosk/keys/open-keys'
import type { MeterSample } from '@/charger-kiosk/ocpp/port'
import type { KioskTable } from '@/charger-kiosk/session/records'
import { chargerId, deviceId } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, wattHours } from '@/lib/core/units'
import { verifyWithNode } from '@/lib/crypto/node'
import { readAnchorFile, writeAnchorFile } from '@/lib/journal/anchor-file'
import { openLibsqlStore } from '@/lib/journal/libsql-store'
import type { Journal } from '@/lib/journal/journal'
import { openLog } from '@/lib/journal/log-journal'
import type { JournalMedium } from '@/lib/journal/store'
import { KioskWorld, startSession, TestWallet } from '@/tests/fixtures/kiosk-world'
import { seededRandom } from '@/simulator/replay/seeded-random'
import { progress, rounded } from '../figures'
import { openKioskSite } from './kiosk-site'

export interface MonthFigures {
  readonly diskMb: number
  /** From the start of the process to a charger that may connect. */
  readonly bootMs: number
  readonly sessions: number
  readonly meterValues: number
}

const monthS = 30 * 86_400
const sessions = 1_500
/** Ten seconds of readings come at once: register, power, temperature and state of charge of each second. */
const roundS = 10
const valuesPerReading = 4
const roundsPerSession = 84
const powerW = 11_000
const holdMinor = 1_500
const identity = 'LOAD-1'
const boots = 3

export async function measureMonth(sessionCount = sessions): Promise<MonthFigures> {
  const site = await openKioskSite([identity], 1)
  try {
    // Enrolled as in life, so that the process finds its own keys and certificate afterwards.
    const enrolled = await site.start()
    enrolled.child.kill('SIGTERM')
    await enrolled.ended
    const meterValues = await liveFor(site.dataFolder, sessionCount)
    const diskMb = rounded(megabytes(site.dataFolder), 1)
    const timings: number[] = []
    for (let boot = 0; boot < boots; boot += 1) {
      const startMs = performance.now()
      const kiosk = await site.start()
      timings.push(performance.now() - startMs)
      // Without a goodbye: the next one begins as after a power cut.
      kiosk.child.kill('SIGKILL')
      await kiosk.ended
    }
    const bootMs = rounded(Math.max(...timings), 0)
    return { diskMb, bootMs, sessions: sessionCount, meterValues }
  } finally {
    await site.close()
  }
}

/** In memory, where syncing costs nothing, and then back to the disk. Gives how many meter values were heard. */
async function liveFor(dataFolder: string, sessionCount: number): Promise<number> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'outpost-month-'))
  try {
    cpSync(dataFolder, folder, { recursive: true })
    const world = await openWorld(folder)
    const spanS = Math.floor(monthS / sessionCount)
    let meterValues = 0
    for (let done = 0; done < sessionCount; done += 1) {
      const startS = world.time.monotonicMs() / 1_000
      meterValues += await charge(world, done)
      await world.pass(Math.max(0, spanS - (world.time.monotonicMs() / 1_000 - startS)))
      if ((done + 1) % 250 === 0) progress(`${done + 1} sessions of a month`)
    }
    await world.controller.stop()
    const receipts = countReceipts(world.journal)
    if (receipts !== sessionCount) throw new Error(`${receipts} receipts for ${sessionCount} sessions`)
    world.journal.close()
    cpSync(folder, dataFolder, { recursive: true })
    return meterValues
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The controller that the process would be, at this charger's own keys and journal, with time in its hands. */
async function openWorld(folder: string): Promise<KioskWorld> {
  const keys = expectOk(openDeviceKeys(keysFolder(folder), undefined), 'the keys')
  const path = journalPath(folder)
  const medium: JournalMedium = {
    open: () => openLibsqlStore(path, keys.journalKey, keys.segments),
    readAnchor: () => readAnchorFile(`${path}.anchor`, keys.journalKey),
    writeAnchor: (anchor) => writeAnchorFile(`${path}.anchor`, keys.journalKey, anchor),
  }
  const id = chargerId('KIN-01')
  const identityOf = { device: deviceId(id), random: seededRandom('a month') }
  const journal = expectOk(openLog<KioskTable>(medium, identityOf), 'the journal')
  const self = { chargerId: id, key: keys.signer.publicKey, otherKeys: [] }
  const known = expectOk(loadKnowledge(journal, self, verifyWithNode), 'what it was told')
  journal.close()
  if (known?.policy === undefined) throw new Error('The charger was not enrolled')
  const enrolment = {
    root: known.root,
    certificate: known.certificate.bytes,
    trustList: known.trustList.bytes,
    revocations: known.revocations.bytes,
    policy: known.policy.bytes,
  }
  const startsAtS = epochSeconds(Math.floor(Date.now() / 1_000))
  return KioskWorld.create({ medium, signer: keys.signer, enrolled: { id, enrolment }, startsAtS })
}

async function charge(world: KioskWorld, driver: number): Promise<number> {
  const nowS = world.time.nowS()
  const validity = { notBeforeS: epochSeconds(nowS - 86_400 * 3), notAfterS: epochSeconds(nowS + 86_400) }
  await startSession(world, await TestWallet.create(`driver ${driver}`, validity), holdMinor)
  let heard = 0
  const baseWh = world.charger.registerWh
  for (let round = 1; round <= roundsPerSession; round += 1) {
    await world.time.advance(roundS * 1_000)
    const samples = Array.from({ length: roundS }, (_, second) => {
      const elapsedS = (round - 1) * roundS + second + 1
      return readingAt(
        world,
        wattHours(baseWh + Math.floor((elapsedS * powerW) / 3_600)),
        roundS - second - 1,
      )
    })
    const { transaction } = world.charger
    if (transaction === undefined) throw new Error('The session ended by itself')
    world.charger.registerWh = samples.at(-1)?.registerWh ?? baseWh
    await world.charger.samples(samples)
    heard += samples.length * valuesPerReading
  }
  await world.charger.unplug()
  await world.settle()
  return heard
}

function readingAt(world: KioskWorld, registerWh: MeterSample['registerWh'], agoS: number): MeterSample {
  const nowS = world.time.nowS()
  const time = { receivedAtS: nowS, reportedAtS: epochSeconds(nowS - agoS), plausible: true }
  return world.charger.reading({ time, registerWh, temperatureDeciC: 350, stateOfChargePercent: 50 })
}

function countReceipts(journal: Journal<KioskTable>): number {
  let count = 0
  for (let from = 0; from < journal.size;) {
    const page = expectOk(journal.read(from, journal.size), 'the log')
    count += page.filter(({ kind }) => kind === 'ended').length
    from += page.length
  }
  return count
}

const megabytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0) / 1_000_000
