/** Calendar months in UTC, as `2026-09`. */

/** Five years; a fleet's older months are asked for by their address. */
const monthsMax = 60

/** Noon of the 15th: the same month in every time zone. */
export const monthStartS = (month: string): number => Date.parse(`${month}-15T12:00:00Z`) / 1_000

export const monthAt = (atS: number): string => new Date(atS * 1_000).toISOString().slice(0, 7)

/** Newest first; the one in hand is among them whatever it is. */
export function monthsUntil(nowS: number, first: string, inHand: string): readonly string[] {
  const months: string[] = []
  const present = monthAt(nowS)
  const year = Number(present.slice(0, 4))
  const index = Number(present.slice(5)) - 1
  for (let back = 0; back < monthsMax; back += 1) {
    const month = new Date(Date.UTC(year, index - back, 1)).toISOString().slice(0, 7)
    if (month < first) break
    months.push(month)
  }
  return months.includes(inHand) ? months : [...months, inHand]
}
