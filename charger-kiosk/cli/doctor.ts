/** `outpost-kiosk doctor`: every check with its verdict and what to do. Ends with 1 where something must be mended. */

import { existsSync } from 'node:fs'
import { loadKioskConfig, type KioskConfig } from '../config'
import { putJournalAside } from '../journal-place'
import { systemClock } from '../system'
import { askRunning, configOf, refuseWhileRunning, type Asked } from './asked'
import { runningFindings, stoppedFindings } from './charger-checks'
import { broken, well, type Finding } from './finding'
import { runningForwardFindings } from './forward-checks'
import {
  cameraFinding,
  clockFinding,
  cloudFinding,
  folderFinding,
  portFinding,
  radioFinding,
  screenFinding,
  spaceFinding,
  syncFinding,
} from './machine-checks'
import { journalPath } from '../journal-place'
import { roadFindings } from './road-checks'
import { Failure } from './usage'

const marks = { ok: '✓', warn: '!', fail: '✗' } as const

export async function doctor(asked: Asked): Promise<number> {
  if (asked.values['put-journal-aside'] === true) return await putAside(asked)
  const findings = await examine(asked)
  const failed = findings.filter(({ state }) => state === 'fail').length
  if (asked.values['json'] === true) {
    process.stdout.write(`${JSON.stringify({ healthy: failed === 0, findings }, undefined, 2)}\n`)
  } else {
    for (const { check, state, found, advice } of findings) {
      process.stdout.write(`${marks[state]} ${check}: ${found}\n`)
      if (advice !== undefined) process.stdout.write(`    → ${advice}\n`)
    }
  }
  return failed === 0 ? 0 : 1
}

async function examine(asked: Asked): Promise<readonly Finding[]> {
  const loaded = loadKioskConfig(process.env, asked.config)
  if (!loaded.ok) {
    return loaded.error.map((found) =>
      broken('configuration', found, 'Mend the file, or make one: outpost-kiosk init'),
    )
  }
  const config: KioskConfig = loaded.value
  const health = await askRunning(config.screenPort)
  return [
    well('configuration', config.path ?? 'environment'),
    folderFinding(config),
    spaceFinding(config),
    syncFinding(config),
    clockFinding(systemClock.nowS()),
    ...(health === undefined
      ? await stoppedFindings(config)
      : [...runningFindings(health), ...runningForwardFindings(config, health)]),
    await cloudFinding(config),
    ...(await roadFindings(config, health !== undefined)),
    await portFinding(config, health !== undefined),
    cameraFinding(),
    radioFinding(),
    screenFinding(config),
  ]
}

/** Never by itself: somebody has decided that what the journal held is lost, and has told the operator. */
async function putAside(asked: Asked): Promise<number> {
  const config = configOf(asked)
  await refuseWhileRunning(config)
  if (!existsSync(journalPath(config.dataFolder))) throw new Failure('There is no journal to put aside.')
  const folder = putJournalAside(config.dataFolder, new Date())
  process.stdout.write(`The journal is in ${folder}. Enrol the charger afresh: outpost-kiosk enrol CODE\n`)
  return 0
}
