/** The gateway's log: one JSON object a line on standard output, which its supervisor keeps. Says nothing of what parcels hold. */

export type Log = (what: string, facts?: Readonly<Record<string, unknown>>) => void

export const printedLog =
  (now: () => Date, print: (line: string) => void): Log =>
  (what, facts = {}) =>
    print(`${JSON.stringify({ at: now().toISOString(), what, ...facts })}\n`)
