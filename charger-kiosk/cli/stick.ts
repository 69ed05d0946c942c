/**
 * `outpost-kiosk stick FOLDER`: the log onto a stick and the answers off it, by somebody at the machine. A controller that
 * runs does it itself; one that does not, perhaps because its charger is dead, is not needed for it.
 */

import { lstatSync } from 'node:fs'
import { request } from 'node:http'
import { resolve } from 'node:path'
import { fromHex } from '@/lib/core/bytes'
import { sealWithHpke } from '@/lib/crypto/hpke'
import { verifyWithNode } from '@/lib/crypto/node'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { parcelSecret } from '@/lib/sync/parcel'
import { buildTimeS, version } from '../build-facts'
import type { KioskConfig } from '../config'
import { createController } from '../controller/controller'
import { journalSentence } from '../journal-place'
import { commandSocketPath } from '../server/command-socket'
import { serveStickAt } from '../sticks/serve-sticks'
import type { StickDone } from '../sticks/serve-stick'
import { systemClock, systemRandom, systemTimers } from '../system'
import { askRunning, configOf, type Asked } from './asked'
import { openCharger } from './open-charger'
import { Failure, WrongInput } from './usage'

export async function stickCommand(asked: Asked): Promise<number> {
  const [given] = asked.words
  if (given === undefined) throw new WrongInput('stick FOLDER: where is the stick mounted?')
  const config = configOf(asked)
  const folder = resolve(given)
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new WrongInput(`${folder} is no folder.`)
  const isRunning = (await askRunning(config.screenPort)) !== undefined
  const done = await (isRunning ? byController(config, folder) : byHand(config, folder))
  process.stdout.write(asked.values['json'] === true ? `${JSON.stringify(done)}\n` : told(done))
  return done.fault === null ? 0 : 1
}

const sentences: Readonly<Partial<Record<ReasonCode, string>>> = {
  'stick.full': 'the stick has no more room; what is whole stays on it',
  'stick.unreadable': 'the stick cannot be read or written',
  'parcel.no-key': 'the charger has no key of the operator to seal to yet',
}

function told({ news, known, refused, parcels, bytes, isPart, fault }: StickDone): string {
  const lines = [
    `Answers: ${news} told something new, ${known} were known, ${refused} cannot be used.`,
    `On the stick: ${parcels} parcels, ${bytes} bytes${isPart ? '; the rest has no room and comes when these are answered' : ''}.`,
    fault === null
      ? 'The stick may be pulled out.'
      : `${reasons[fault.code].code}: ${sentences[fault.code] ?? fault.code}.`,
  ]
  return `${lines.join('\n')}\n`
}

/** The controller's own counter, opened without any charger, socket or road, and never started. */
async function byHand(config: KioskConfig, folder: string): Promise<StickDone> {
  const { keys, journal, knowledge } = openCharger(config)
  try {
    if (knowledge === undefined) throw new Failure('The charger is not enrolled: outpost-kiosk enrol CODE.')
    const controller = createController(
      {
        journal,
        signer: keys.signer,
        otherSigners: keys.nextSigners,
        verify: verifyWithNode,
        clock: systemClock,
        timers: systemTimers,
        random: systemRandom,
        charger: () => undefined,
        parcels: { secret: parcelSecret(fromHex(keys.journalKey)), seal: sealWithHpke },
      },
      {
        bays: config.bays,
        version,
        buildTimeS,
        stepUp: config.stepUp,
        supportPhone: config.supportPhone,
        signsStatus: false,
      },
      knowledge,
    )
    if (!controller.ok) throw new Failure(journalSentence(config.dataFolder, controller.error))
    const { parcels } = controller.value
    if (parcels === undefined) throw new Failure('This controller has no keys to seal with.')
    try {
      return await serveStickAt(folder, parcels)
    } finally {
      // News may have set timers, such as for a policy that begins later: the next start reads it afresh.
      await controller.value.stop()
    }
  } finally {
    journal.close()
  }
}

function byController(config: KioskConfig, folder: string): Promise<StickDone> {
  const socketPath = commandSocketPath(config.dataFolder)
  return new Promise((found, failed) => {
    const asking = request({ socketPath, path: '/stick', method: 'POST' }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => {
        if (response.statusCode === 200) found(JSON.parse(text) as StickDone)
        else failed(new Failure(`The controller answers ${response.statusCode}: ${text.slice(0, 200)}`))
      })
    })
    asking.on('error', (error: NodeJS.ErrnoException) =>
      failed(
        new Failure(
          error.code === 'EACCES'
            ? 'The controller runs as another user: ask as root, or as that user.'
            : `The controller runs and does not answer at ${socketPath} (${error.code ?? error.message}).`,
        ),
      ),
    )
    asking.end(JSON.stringify({ folder }))
  })
}
