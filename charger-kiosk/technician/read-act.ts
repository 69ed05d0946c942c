/** Acts as JSON of a screen or a laptop, parsed strictly: what is not exactly one of them is none. */

import { technicianActs, type SealEntry, type TechnicianAct } from '../screen-protocol-technician'

const bayActs: readonly string[] = ['read-meter', 'unlock', 'test', 'take-out', 'put-back']
const sealsMax = 8
/** As a journal event can hold them. */
const placePattern = /^[^\p{C}]{1,24}$/u
const numberPattern = /^[^\p{C}]{1,32}$/u

export function readAct(value: unknown): TechnicianAct | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { kind, connectorId, before, seq, seals } = value as Readonly<Record<string, unknown>>
  if (typeof kind !== 'string' || !Object.hasOwn(technicianActs, kind)) return undefined
  if (bayActs.includes(kind)) {
    return isCount(connectorId, 255) ? ({ kind, connectorId } as TechnicianAct) : undefined
  }
  switch (kind) {
    case 'older':
      return isCount(before) ? { kind, before } : undefined
    case 'prove':
      return isCount(seq) ? { kind, seq } : undefined
    case 'seals': {
      const read = readSeals(seals)
      return read === undefined ? undefined : { kind, seals: read }
    }
    default:
      return { kind } as TechnicianAct
  }
}

const isCount = (value: unknown, max = Number.MAX_SAFE_INTEGER): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max

function readSeals(value: unknown): readonly SealEntry[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > sealsMax) return undefined
  const seals = value.map(readSeal).filter((seal) => seal !== undefined)
  const places = new Set(seals.map(({ place }) => place))
  return seals.length === value.length && places.size === seals.length ? seals : undefined
}

function readSeal(value: unknown): SealEntry | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { place, number, isIntact } = value as Readonly<Record<string, unknown>>
  const isSound =
    typeof place === 'string' &&
    placePattern.test(place) &&
    typeof number === 'string' &&
    numberPattern.test(number) &&
    typeof isIntact === 'boolean'
  return isSound ? { place, number, isIntact } : undefined
}
