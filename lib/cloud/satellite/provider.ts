/**
 * The company between the satellites and us. What modems send it posts to `/api/v1/satellite`; what is for a modem it takes
 * by HTTP. The one that is spoken here is Ground Control's RockBLOCK interface (docs.groundcontrol.com/iot/rockblock/web-services,
 * read in November 2026): forms or JSON in, a form out, answered by `OK,number` or `FAILED,code,words`.
 */

import { fromHex, toHex, type Bytes } from '@/lib/core/bytes'
import { err, ok, type Result } from '@/lib/core/result'
import { asObject } from '../json-shape'

export interface SatelliteMessage {
  /** Of the modem: 15 digits. */
  readonly imei: string
  readonly bytes: Bytes
}

export interface SatelliteProvider {
  /** Queues a message for a modem. Fails with one plain sentence; the caller tries again later. */
  send(message: SatelliteMessage): Promise<Result<void, string>>
}

const imeiPattern = /^\d{15}$/
/** The largest that any modem of the family sends (Iridium 9523); the usual ones send 340. */
const messageBytesMax = 1_960
const timeoutMs = 20_000
const answerCharsMax = 500

export const isImei = (text: string): boolean => imeiPattern.test(text)

/** A posted message, from the text of the body; undefined where it is none. */
export function readDelivery(text: string, contentType: string): SatelliteMessage | undefined {
  const fields = contentType.includes('json')
    ? jsonFields(text)
    : Object.fromEntries(new URLSearchParams(text))
  const imei = fields?.['imei']
  const data = fields?.['data']
  if (typeof imei !== 'string' || !isImei(imei) || typeof data !== 'string') return undefined
  // Examples in the provider's own pages have spaces in the digits.
  const digits = data.replaceAll(/\s/g, '').toLowerCase()
  if (!/^([0-9a-f]{2})+$/.test(digits) || digits.length > 2 * messageBytesMax) return undefined
  return { imei, bytes: fromHex(digits) }
}

function jsonFields(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** @param url address with the account in it: `https://name:password@rockblock.rock7.com/rockblock/MT` */
export function rockBlock(url: string): SatelliteProvider {
  const target = new URL(url)
  const { username, password } = target
  target.username = ''
  target.password = ''
  const account = { username: decodeURIComponent(username), password: decodeURIComponent(password) }
  return {
    async send({ imei, bytes }) {
      try {
        const response = await fetch(target, {
          method: 'POST',
          body: new URLSearchParams({ imei, ...account, data: toHex(bytes) }),
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        })
        const text = (await response.text()).trim().slice(0, answerCharsMax)
        return response.ok && text.startsWith('OK') ? ok(undefined) : err(`${response.status} ${text}`)
      } catch (error) {
        return err(error instanceof Error ? error.message : String(error))
      }
    },
  }
}
