/** A signed message taken apart for people: every field with its name on the wire's side and the unit it is counted in. */

/** How a value is shown: in the currency of the session, in Wh, as a moment, as a span, or as it stands. */
export const fieldKinds = [
  'money',
  'rate',
  'energy',
  'time',
  'duration',
  'percent',
  'id',
  'number',
  'text',
] as const
export type FieldKind = (typeof fieldKinds)[number]

export interface PieceField {
  /** Such as `tariff.energyPerKwh`. */
  readonly name: string
  readonly kind: FieldKind
  readonly value: string | number
}

/** Other drivers' chains that the charger met stand in its receipts; they are nobody's business here. */
const leftOut = ['sightings']

export function fieldsOf(payload: object, prefix = ''): readonly PieceField[] {
  return Object.entries(payload as Readonly<Record<string, unknown>>).flatMap(([name, value]) => {
    const path = `${prefix}${name}`
    if (value === undefined || leftOut.includes(name)) return []
    if (value instanceof Uint8Array)
      return [{ name: path, kind: 'id' as const, value: Buffer.from(value).toString('hex') }]
    if (Array.isArray(value))
      return [{ name: path, kind: 'text' as const, value: value.map(String).join(', ') }]
    if (typeof value === 'object' && value !== null) return fieldsOf(value, `${path}.`)
    if (typeof value === 'number') return [{ name: path, kind: kindOfNumber(name), value }]
    const text = String(value)
    return [
      { name: path, kind: /^[0-9a-f]{16,}$/.test(text) ? ('id' as const) : ('text' as const), value: text },
    ]
  })
}

const moments = /^(?:timeS|startS|atS|notBeforeS|notAfterS)$/
const rates = /^(?:energyPerKwh|timePerMinute|perSession|idlePerMinute)$/

function kindOfNumber(name: string): FieldKind {
  if (name.endsWith('Minor')) return 'money'
  if (rates.test(name)) return 'rate'
  if (name.endsWith('Wh')) return 'energy'
  if (moments.test(name)) return 'time'
  if (name.endsWith('BasisPoints')) return 'percent'
  return name.endsWith('S') ? 'duration' : 'number'
}
