/** The figures of the ceremony: what its codes weigh, and how long people wait for them. */

import { measureAnswers } from '@/tests/bench/answer-time'
import { measureDecode, measureSizes, type CodeFigures } from '@/tests/bench/ceremony-codes'
import { progress, rounded } from '@/tests/bench/figures'

/** The object that `--json` prints. */
export interface CeremonyFigures {
  readonly messages: readonly CodeFigures[]
  readonly answerMsP50: number
  readonly answerMsP99: number
  readonly fsyncShare: number
  readonly decodeMsP50: number
  readonly authorizations: number
  readonly decodedFrames: number
}

const authorizationCount = 400
const decodeRounds = 20
const decodedCodes = 5

export async function measureCeremony(): Promise<CeremonyFigures> {
  progress('Codes of the ceremony')
  const messages = await measureSizes()
  progress(`${authorizationCount} authorizations at a controller with its journal on disk`)
  const answers = await measureAnswers(authorizationCount, (done) => {
    if (done % 100 === 0) progress(`${done} authorizations answered`)
  })
  progress(`${decodeRounds * decodedCodes} camera frames, tilted, blurred and noisy`)
  const decodeMsP50 = await measureDecode(decodeRounds)
  return {
    messages,
    answerMsP50: rounded(answers.answerMsP50),
    answerMsP99: rounded(answers.answerMsP99),
    fsyncShare: rounded(answers.fsyncShare),
    decodeMsP50: rounded(decodeMsP50),
    authorizations: answers.authorizations,
    decodedFrames: decodeRounds * decodedCodes,
  }
}
