/** The answer to `POST /api/v1/sync`, parsed from text that anything between here and the cloud may have written. */

import { fromBase64Url, type Bytes } from '@/lib/core/bytes'
import { limits } from '@/lib/core/limits'
import type { Refusal } from '@/lib/core/reason'
import { reasons, type ReasonCode } from '@/lib/core/reason-codes'
import { err, ok, type Result } from '@/lib/core/result'
import type { RoadFault, RoadNews } from './road'

const signedTextCharsMax = Math.ceil((limits.roadReplyBytesMax * 4) / 3)

/** The body of a success. */
export function parseNews(text: string): Result<RoadNews, RoadFault> {
  const body = parseObject(text)
  if (body === undefined) return err(malformed('The answer is not a JSON object'))
  const acknowledgement = signed(body['acknowledgement'])
  if (acknowledgement === undefined || acknowledgement === 'bad')
    return err(malformed('The answer holds no acknowledgement'))
  const news: Record<string, Bytes | readonly Bytes[]> = {}
  for (const name of singles) {
    const message = signed(body[name])
    if (message === 'bad') return err(malformed('A message in the answer is not base64url'))
    if (message !== undefined) news[name] = message
  }
  for (const [name, countMax] of Object.entries(lists)) {
    const messages = signedList(body[name], countMax)
    if (messages === 'bad') return err(malformed('A message in the answer is not base64url'))
    if (messages.length > 0) news[name] = messages
  }
  return ok({ acknowledgement, ...news })
}

const singles = [
  'trustList',
  'revocations',
  'policy',
  'nextPolicy',
  'certificate',
] as const satisfies readonly (keyof RoadNews)[]
/** What one answer may bring; the rest comes with the next. */
const lists = {
  revocationDeltas: 32,
  permits: 100,
  localList: limits.localListPartsMax,
} as const satisfies Partial<Record<keyof RoadNews, number>>

/** The body of a refusal; a body that is not ours says only that the cloud was not reached. */
export function parseRefusal(text: string, status: number): RoadFault {
  const body = parseObject(text)
  const error = asObject(body?.['error'])
  const code = error?.['code']
  if (!isReasonCode(code))
    return { code: 'api.unreachable', facts: { status }, detail: `Status ${status} without a reason of ours` }
  const acknowledgement = signed(body?.['acknowledgement'])
  const trustList = signed(body?.['trustList'])
  const facts = plainFacts(error?.['facts'])
  return {
    code,
    ...(facts === undefined ? {} : { facts }),
    ...(acknowledgement === undefined || acknowledgement === 'bad' ? {} : { acknowledgement }),
    ...(trustList === undefined || trustList === 'bad' ? {} : { trustList }),
    detail: `Refused with status ${status}`,
  }
}

export const malformed = (detail: string): RoadFault => ({ code: 'api.malformed', detail })

type JsonObject = Readonly<Record<string, unknown>>

function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return undefined
  }
}

const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined

function signed(value: unknown): Bytes | 'bad' | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string' || value === '' || value.length > signedTextCharsMax) return 'bad'
  return fromBase64Url(value) ?? 'bad'
}

function signedList(value: unknown, countMax: number): readonly Bytes[] | 'bad' {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return 'bad'
  const messages: Bytes[] = []
  for (const text of value.slice(0, countMax) as readonly unknown[]) {
    const message = signed(text)
    if (message === undefined || message === 'bad') return 'bad'
    messages.push(message)
  }
  return messages
}

const isReasonCode = (value: unknown): value is ReasonCode =>
  typeof value === 'string' && Object.hasOwn(reasons, value)

const factsMax = 8
const factCharsMax = 64

function plainFacts(value: unknown): Refusal['facts'] {
  const plain = Object.entries(asObject(value) ?? {}).filter(
    (entry): entry is [string, string | number] =>
      Number.isSafeInteger(entry[1]) || (typeof entry[1] === 'string' && entry[1].length <= factCharsMax),
  )
  return plain.length === 0 || plain.length > factsMax ? undefined : Object.fromEntries(plain)
}
