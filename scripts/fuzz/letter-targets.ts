/** Letters, as a cloud reads them once they are open: whoever can seal to it may have written them. */

import { concat } from '@/lib/core/bytes'
import { verifyWithNode } from '@/lib/crypto/node'
import { decodeCbor, encodeCbor } from '@/lib/protocol/cbor'
import { verifyMessage } from '@/lib/protocol/message'
import { compactSession, expandSession, type SignedSession } from '@/lib/letter/compact-session'
import { readFrame, framesOf } from '@/lib/letter/frames'
import { decodeLetterAnswer, encodeLetterAnswer } from '@/lib/letter/letter'
import { limits } from '@/lib/core/limits'
import { chargerSigner, walletSigner, type Story } from '@/tests/fixtures/messages'
import type { Target } from './target'

export function letterTargets(story: Story): Target[] {
  return [sessionTarget(story), frameTarget(), answerTarget(story)]
}

/** Whatever comes out and verifies was signed: a difference can hide nothing behind what is expected. */
function sessionTarget({ grant, offer, authorization, receipt }: Story): Target {
  const session: SignedSession = {
    ...{ serial: grant.payload.serial, grantHash: grant.hash },
    ...{ offer, authorization, receipt },
  }
  const bytesOf = (one: SignedSession): string =>
    concat(one.offer.bytes, one.authorization.bytes, one.receipt.bytes).toString()
  const signed = bytesOf(session)
  return {
    name: 'compact session',
    weight: 4,
    genuine: [encodeCbor(compactSession(session, undefined))],
    judge: (input) => {
      const value = decodeCbor(input, limits.letterBytesMax)
      const read = value.ok ? expandSession(value.value, grant.hash, undefined) : undefined
      if (read === undefined) return 'refused'
      const isSigned =
        verifyMessage(read.offer, chargerSigner.publicKey, verifyWithNode) !== undefined &&
        verifyMessage(read.authorization, walletSigner.publicKey, verifyWithNode) !== undefined &&
        verifyMessage(read.receipt, chargerSigner.publicKey, verifyWithNode) !== undefined
      if (!isSigned) return 'refused'
      return bytesOf(read) === signed ? 'accepted' : 'false-accept'
    },
  }
}

function frameTarget(): Target {
  const genuine = framesOf('part', 0xfedcba98, new Uint8Array(700), 340) ?? []
  return {
    name: 'letter frame',
    weight: 1,
    genuine,
    judge: (input) => {
      const frame = readFrame(input)
      if (frame === undefined) return 'refused'
      return frame.index < frame.count && frame.count <= 16 ? 'accepted' : 'false-accept'
    },
  }
}

function answerTarget({ revocationDelta }: Story): Target {
  return {
    name: 'letter answer',
    weight: 1,
    genuine: [encodeLetterAnswer({ decided: 3, revocationDeltas: [revocationDelta.bytes] })],
    judge: (input) => {
      const read = decodeLetterAnswer(input)
      if (read === undefined) return 'refused'
      return encodeLetterAnswer(read).toString() === input.toString() ? 'accepted' : 'false-accept'
    },
  }
}
