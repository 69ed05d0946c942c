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
  const others = signedOnes(body, ['trustList', 'revocations', 'policy', 'revocationDelta', 'certificate'])
  const permits = signedList(body['permits'])
  if (acknowledgement === undefined || acknowledgement === 'bad')
    return err(malformed('The answer holds no acknowledgement'))
  if (others === 'bad' || permits === 'bad') return err(malformed('A message in the answer is not base64url'))
  return ok({ acknowledgement, ...others, ...(permits === undefined ? {} : { permits }) })
}

/** Those that are there; one that is none spoils the answer. */
function signedOnes<Name extends string>(
  body: JsonObject,
  names: readonly Name[],
): { readonly [K in Name]?: Bytes } | 'bad' {
  const found: { [K in Name]?: Bytes } = {}
  for (const name of names) {
    const bytes = signed(body[name])
    if (bytes === 'bad') return 'bad'
    if (bytes !== undefined) found[name] = bytes
  }
  return found
}

/** What one answer may bring; the rest comes with the next. */
const permitsInReplyMax = 100

function signedList(value: unknown): readonly Bytes[] | 'bad' | undefined {
  if (value === undefined || value === null) return undefined
  if (!Array.isArray(value)) return 'bad'
  const list = value.slice(0, permitsInReplyMax).map(signed)
  return list.some((one) => one === 'bad' || one === undefined)
    ? 'bad'
    : list.filter((one): one is Bytes => one instanceof Uint8Array)
}

/** The body of a refusal; a body that is not ours says only that the cloud was not reached. */
export function parseRefusal(text: string, status: number): RoadFault {
  const body = parseObject(text)
  const error = asObject(body?.['error'])
  const code = error?.['code']
  if (!isReasonCode(code))
    return { code: 'api.unreachable', facts: { status }, detail: `Status ${status} without a reason of ours` }
  const acknowledgement = signed(body?.['acknowledgement'])
  const facts = plainFacts(error?.['facts'])
  return {
    code,
    ...(facts === undefined ? {} : { facts }),
    ...(acknowledgement === undefined || acknowledgement === 'bad' ? {} : { acknowledgement }),
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
