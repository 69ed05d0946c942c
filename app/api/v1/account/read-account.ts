/** Bodies of the account's routes as the requests that they should be; undefined where they are not. */

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { PhoneNews } from '@/lib/cloud/accounts/phones'
import { asList, asObject, asText } from '@/lib/cloud/json-shape'
import { readVerify } from '../../read-requests'

const nameCharsMax = 40
const deviceKeysMax = 64

/** Printable, trimmed, not too long; may be empty. */
function readName(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const name = value.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').trim()
  return name.length <= nameCharsMax ? name : undefined
}

export function readPhoneNews(body: unknown): PhoneNews | undefined {
  const object = asObject(body)
  const phoneId = asText(object?.['phoneId'], 32)
  const name = readName(object?.['name'])
  const deviceKeys = asList(object?.['deviceKeys'], deviceKeysMax, (key) =>
    typeof key === 'string' && /^[0-9a-f]{64}$/.test(key) ? key : undefined,
  )
  if (phoneId === undefined || !/^[0-9a-f]{32}$/.test(phoneId)) return undefined
  return name === undefined || deviceKeys === undefined ? undefined : { phoneId, name, deviceKeys }
}

/** A phone's own id, or the key of one that never told us of itself. */
export function readPhoneId(body: unknown): string | undefined {
  const phoneId = asText(asObject(body)?.['phoneId'], 80)
  return phoneId !== undefined && /^(?:[0-9a-f]{32}|key-[0-9a-f]{64})$/.test(phoneId) ? phoneId : undefined
}

export const readCredentialId = (body: unknown): string | undefined =>
  asText(asObject(body)?.['credentialId'], 2_048)

/** What something is to be called; never empty. */
export function readNewName(body: unknown): string | undefined {
  const name = readName(asObject(body)?.['name'])
  return name === '' ? undefined : name
}

export function readNamedPasskey(body: unknown) {
  const verify = readVerify<RegistrationResponseJSON>(body)
  const name = readName(asObject(body)?.['name'] ?? '')
  return verify === undefined || name === undefined ? undefined : { ...verify, name }
}

export const readRecoveryCode = (body: unknown): string | undefined => asText(asObject(body)?.['code'], 64)
