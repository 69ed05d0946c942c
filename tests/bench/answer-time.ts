/**
 * How long a driver waits at the kiosk: from the bytes of an authorization to the durable, signed answer, at the real
 * controller with its journal on a real disk. Every authorization starts a session of its own, which ends before the
 * next vehicle comes.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toBase64Url, utf8 } from '@/lib/core/bytes'
import { chargerId, publicKey } from '@/lib/core/ids'
import { refusal } from '@/lib/core/reason'
import { err, expectOk, ok } from '@/lib/core/result'
import { epochSeconds, minorUnits } from '@/lib/core/units'
import { sha256 } from '@/lib/crypto/hash'
import { nodeSigner } from '@/lib/crypto/node'
import { envelopeToText } from '@/lib/protocol/envelope'
import { signMessage } from '@/lib/protocol/message'
import { grant } from '@/lib/protocol/messages/grant'
import { policy } from '@/lib/protocol/messages/policy'
import type { CloudPort } from '@/lib/wallet/cloud-port'
import type { TrustNews } from '@/lib/wallet/trust-state'
import type { Observer } from '@/charger-kiosk/controller/ports'
import { deliverSession } from '@/simulator/charger/deliver-session'
import { VirtualTime } from '@/simulator/charger/virtual-time'
import { VirtualPhone } from '@/simulator/phone/virtual-phone'
import { bay, openStand, type ChargerStand } from '@/simulator/replay/charger-stand'
import { seededRandom } from '@/simulator/replay/seeded-random'
import { issuerSigner, rootSigner, storyGrant, storyTimeS, tellStory, type Story } from '../fixtures/messages'
import { percentile } from './figures'

export interface AnswerFigures {
  readonly authorizations: number
  readonly answerMsP50: number
  readonly answerMsP99: number
  /** Of the time to an answer, what the journal's durable write takes. */
  readonly fsyncShare: number
}

const origin = 'https://charge.example.org'
const dayS = 86_400
/** More than all sessions of the bench may hold together. */
const capMinor = minorUnits(100_000_000)
/** The first ones run before the program is warm. */
const warmUpCount = 20

interface Timing {
  readonly answerMs: number
  readonly appendMs: number
}

/** Runs `count` sessions after a few to warm up. At most 900, because one grant carries no more spends. */
export async function measureAnswers(
  count: number,
  onProgress: (done: number) => void,
): Promise<AnswerFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-bench-'))
  const time = new VirtualTime(storyTimeS)
  const timings: Timing[] = []
  const story = await tellStory()
  const stand = await openBenchStand(story, folder, time, timingObserver(timings))
  time.watch(() => stand.isQuiet())
  try {
    const phone = await openBenchPhone(story, time)
    await time.run(async (sleepUntil) => {
      for (let done = 0; done < warmUpCount + count; done += 1) {
        const plan = { startS: time.clock.nowS() + 2, durationS: 30, energyWh: 250 }
        const nowS = (): number => time.clock.nowS()
        await deliverSession(stand.charger, plan, nowS, sleepUntil, () => authorize(phone, stand))
        await finish(phone, stand)
        onProgress(done + 1)
      }
    })
  } finally {
    await stand.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return figuresOf(timings.slice(warmUpCount))
}

async function authorize(phone: VirtualPhone, stand: ChargerStand): Promise<boolean> {
  const shown = stand.phase()
  if (shown.kind !== 'offering') throw new Error(`The screen shows ${shown.kind} where an offer was expected`)
  const { text } = expectOk(await phone.scan(shown.offerCode, 500), 'the offer is approved')
  const outcome = await stand.controller.handleScan(bay, text)
  if (outcome.kind !== 'accepted') throw new Error(`The charger declined: ${JSON.stringify(outcome)}`)
  expectOk(
    await phone.read(envelopeToText({ kind: 'answer', parts: [outcome.answer] })),
    'the answer is read',
  )
  return true
}

async function finish(phone: VirtualPhone, stand: ChargerStand): Promise<void> {
  const shown = stand.phase()
  if (shown.kind !== 'finished')
    throw new Error(`The screen shows ${shown.kind} where a receipt was expected`)
  expectOk(await phone.read(shown.receiptCode), 'the receipt is read')
}

/** Keeps one timing a scan; what is written at other times does not count. */
function timingObserver(timings: Timing[]): Observer {
  let scanStartedMs: number | undefined
  let appendStartedMs = 0
  let appendMs = 0
  return {
    scanStarted() {
      scanStartedMs = performance.now()
      appendMs = 0
    },
    appendStarted() {
      appendStartedMs = performance.now()
    },
    appendEnded() {
      appendMs += performance.now() - appendStartedMs
    },
    scanAnswered() {
      if (scanStartedMs !== undefined) {
        timings.push({ answerMs: performance.now() - scanStartedMs, appendMs })
      }
      scanStartedMs = undefined
    },
  }
}

function figuresOf(timings: readonly Timing[]): AnswerFigures {
  const answers = timings.map(({ answerMs }) => answerMs)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return {
    authorizations: timings.length,
    answerMsP50: percentile(answers, 0.5),
    answerMsP99: percentile(answers, 0.99),
    fsyncShare: sum(timings.map(({ appendMs }) => appendMs)) / sum(answers),
  }
}

/** The story's charger, with caps that no session reaches and a key that signs as a kiosk does. */
async function openBenchStand(
  story: Story,
  folder: string,
  time: VirtualTime,
  observer: Observer,
): Promise<ChargerStand> {
  return openStand({
    chargerId: chargerId(story.certificate.payload.chargerId),
    signer: nodeSigner(sha256(utf8('outpost test key charger'))),
    enrolment: {
      root: rootSigner.publicKey,
      certificate: story.certificate.bytes,
      trustList: story.trustList.bytes,
      revocations: story.revocations.bytes,
      policy: (await roomyPolicy(story)).bytes,
    },
    folder,
    time,
    random: seededRandom('bench charger'),
    origin,
    buildTimeS: epochSeconds(storyTimeS - dayS),
    observer,
  })
}

const roomyPolicy = (story: Story) =>
  signMessage(
    policy,
    {
      ...story.policy.payload,
      firstSeenCapMinor: capMinor,
      firstSeenStepUpCapMinor: capMinor,
      firstSeenYoungCapMinor: capMinor,
      exposureCapMinor: capMinor,
    },
    issuerSigner,
  )

async function openBenchPhone(story: Story, time: VirtualTime): Promise<VirtualPhone> {
  const trust: TrustNews = {
    root: rootSigner.publicKey,
    trustList: toBase64Url(story.trustList.bytes),
    revocations: toBase64Url(story.revocations.bytes),
    policy: toBase64Url((await roomyPolicy(story)).bytes),
  }
  const phone = await VirtualPhone.open({
    cloud: issuingCloud(trust),
    clock: time.clock,
    random: seededRandom('bench phone'),
    origin,
    buildTimeS: epochSeconds(storyTimeS - dayS),
  })
  expectOk(await phone.claim('BENCH'), 'the grant is taken')
  return phone
}

/** Gives one large grant, and is otherwise out of reach. */
function issuingCloud(trust: TrustNews): CloudPort {
  const unreachable = () => Promise.resolve(err(refusal('api.unreachable')))
  return {
    async claim({ devicePublicKey }) {
      const terms = { ...storyGrant, deviceKey: publicKey(devicePublicKey), capMinor, spendsMax: 1_000 }
      const signed = await signMessage(grant, terms, issuerSigner)
      return ok({ grant: toBase64Url(signed.bytes), trust, fleetName: 'Bench' })
    },
    trust: unreachable,
    report: unreachable,
    account: unreachable,
    requestGrant: unreachable,
    renew: unreachable,
    time: unreachable,
    topUp: unreachable,
    registerOptions: unreachable,
    registerVerify: unreachable,
    signInOptions: unreachable,
    signInVerify: unreachable,
    signOut: unreachable,
  }
}
