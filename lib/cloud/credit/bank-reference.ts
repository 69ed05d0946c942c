/**
 * The reference that a fleet writes on its bank transfers: a creditor reference by ISO 11649, drawn from the number of the
 * fleet and nothing else, so that it never changes. Its check digits tell a slip of the hand from another fleet.
 */

/** Fixed, so that digits which a bank puts right behind it are not taken for a part of it. */
const bodyDigits = 8
const groups = /.{1,4}/g

/** Remainder of the number that letters and digits make (A = 10 … Z = 35), as the standard counts it. */
export function remainder97(text: string): number {
  let rest = 0
  for (const character of text) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}

export function referenceOf(fleetNumber: number): string {
  const body = String(fleetNumber).padStart(bodyDigits, '0')
  if (!Number.isSafeInteger(fleetNumber) || fleetNumber < 0 || body.length > bodyDigits)
    throw new RangeError(`No reference for fleet ${fleetNumber}`)
  const check = 98 - remainder97(`${body}RF00`)
  return `RF${String(check).padStart(2, '0')}${body}`
}

/** As people read and type it: groups of four. */
export const spaced = (text: string): string => (text.match(groups) ?? []).join(' ')

export type ReferenceFound =
  | { readonly kind: 'fleet'; readonly fleetNumber: number }
  /** Something looks like a reference and its check digits are wrong. */
  | { readonly kind: 'wrong-check' }
  | { readonly kind: 'several' }
  | { readonly kind: 'none' }

/** Looks anywhere in a text, whatever its case and wherever it was broken by spaces, dashes or slashes. */
export function findReference(text: string): ReferenceFound {
  const joined = text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  const candidates = [...joined.matchAll(/(?=RF(\d{2})(\d{8}))/g)]
  const sound = candidates.filter(([, check = '', body = '']) => remainder97(`${body}RF${check}`) === 1)
  const numbers = new Set(sound.map(([, , body]) => Number(body)))
  const [first] = numbers
  if (numbers.size > 1) return { kind: 'several' }
  if (first !== undefined) return { kind: 'fleet', fleetNumber: first }
  return { kind: candidates.length > 0 ? 'wrong-check' : 'none' }
}

/** Whether this is an IBAN, spaces aside. */
export function isIban(text: string): boolean {
  const joined = text.toUpperCase().replaceAll(' ', '')
  return (
    /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(joined) && remainder97(joined.slice(4) + joined.slice(0, 4)) === 1
  )
}
