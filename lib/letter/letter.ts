/**
 * A letter: sessions of one charger in as few bytes as their proof allows, for a road that is paid by the byte. Sealed to
 * the operator, so that no carrier reads it, and cut into messages that stand for themselves. Each receipt in it names the newest
 * checkpoint of the charger's log, which nobody can change behind it. docs/satellite.md has the form.
 */

import { concat, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import type { MessageHash, SealingKey } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { sha256 } from '@/lib/crypto/hash'
import type { Seal, SharedKey, Unseal } from '@/lib/crypto/sealing'
import { decodeCbor, encodeCbor, type CborValue } from '@/lib/protocol/cbor'
import { at, bytesUpTo, list, struct, uint } from '@/lib/protocol/fields'
import { compactSession, expandSession, serialIn, type SignedSession } from './compact-session'

/** Which rules of expectation the differences follow. */
const version = 1
const label = utf8('outpost letter 1')
/** Bound to an answer's seal. */
export const letterAnswerLabel = utf8('outpost letter answer 1')

/** What a letter says before the grants are known. */
export interface LetterParts {
  readonly sessions: readonly CborValue[]
  /** Both ends have it, and nobody between them. */
  readonly answerKey: SharedKey
}

export interface SealedLetter {
  readonly bytes: Bytes
  readonly answerKey: SharedKey
}

const plainOf = (sessions: readonly SignedSession[]): Bytes =>
  encodeCbor([version, sessions.map((session, index) => compactSession(session, sessions[index - 1]))])

/** A sealed letter's length, without sealing it. @param sealMoreBytes what the seal adds */
export const letterBytes = (sessions: readonly SignedSession[], sealMoreBytes: number): number =>
  plainOf(sessions).length + sealMoreBytes

export async function sealLetter(
  sessions: readonly SignedSession[],
  to: SealingKey,
  seal: Seal,
): Promise<SealedLetter> {
  const plain = plainOf(sessions)
  return { bytes: await seal(to, plain, label), answerKey: answerKeyOf(plain) }
}

/** Undefined: damaged, sealed to somebody else, or no letter of this version. `keys`: all that it may be sealed to. */
export async function openLetter(sealed: Bytes, keys: Iterable<Unseal>): Promise<LetterParts | undefined> {
  if (sealed.length > limits.letterBytesMax) return undefined
  for (const unseal of keys) {
    const plain = await unseal(sealed, label)
    if (plain === undefined) continue
    const value = decodeCbor(plain, limits.letterBytesMax)
    if (!value.ok || !Array.isArray(value.value)) return undefined
    const [told, sessions, ...more] = value.value as readonly CborValue[]
    if (told !== version || !Array.isArray(sessions) || more.length > 0) return undefined
    if (sessions.length > limits.letterSessionsMax) return undefined
    return { sessions: sessions as readonly CborValue[], answerKey: answerKeyOf(plain) }
  }
  return undefined
}

/** Signatures are in it that nobody else has seen: only who wrote or opened the letter can make this key. */
const answerKeyOf = (plain: Uint8Array): SharedKey => sha256(concat(letterAnswerLabel, plain))

/**
 * The sessions, in their order; `undefined` in place of one that is damaged, whose grant is unknown, or that follows such a
 * one: what it leaves out stands there.
 */
export function sessionsIn(
  { sessions }: Pick<LetterParts, 'sessions'>,
  grantHashOf: (serial: string) => MessageHash | undefined,
): readonly (SignedSession | undefined)[] {
  const read: (SignedSession | undefined)[] = []
  let isWhole = true
  for (const compact of sessions) {
    const serial = serialIn(compact)
    const grantHash = serial === undefined ? undefined : grantHashOf(serial)
    const session: SignedSession | undefined =
      !isWhole || grantHash === undefined ? undefined : expandSession(compact, grantHash, read.at(-1))
    isWhole = session !== undefined
    read.push(session)
  }
  return read
}

/** The most sessions, from the first on, that fit `bytesMax`. @param sealMoreBytes what the seal adds */
export function fittingSessions(
  sessions: readonly SignedSession[],
  { bytesMax, sealMoreBytes }: { readonly bytesMax: number; readonly sealMoreBytes: number },
): readonly SignedSession[] {
  for (let count = Math.min(sessions.length, limits.letterSessionsMax); count > 0; count -= 1) {
    const part = sessions.slice(0, count)
    if (letterBytes(part, sealMoreBytes) <= bytesMax) return part
  }
  return []
}

/** What comes back: how far the operator has decided about the letter, and news that is small enough. */
export interface LetterAnswer {
  /** Sessions from the first on that need not be sent again. */
  readonly decided: number
  /** As the issuer signed them. */
  readonly revocationDeltas: readonly Bytes[]
}

const answerField = struct({
  decided: at(1, uint(limits.letterSessionsMax)),
  revocationDeltas: at(2, list(bytesUpTo(limits.messageBytesMax), 4)),
})

export const encodeLetterAnswer = (answer: LetterAnswer): Bytes => encodeCbor(answerField.encode(answer))

/** Undefined where it is none. */
export function decodeLetterAnswer(plain: Uint8Array): LetterAnswer | undefined {
  const value = decodeCbor(plain, limits.letterBytesMax)
  const read = value.ok ? answerField.decode(value.value, 'answer') : undefined
  return read?.ok === true
    ? { ...read.value, revocationDeltas: read.value.revocationDeltas.map((bytes) => toBytes(bytes)) }
    : undefined
}
