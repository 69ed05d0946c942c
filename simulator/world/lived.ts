/** How often a world met what it is there to meet: a proof about something that never happened would be empty. */

export const livedThings = [
  'renewals',
  'renewals-with-open-holds',
  'step-ups',
  'forged-step-ups',
  'signed-times',
  'carried-revocations',
  'carried-permits',
  'vetoes',
  'raises',
  'raises-for-others',
  'false-closes',
  'phone-stops',
  'site-bound',
  'fleet',
  'guests',
  'guests-captured',
  'guests-refunded',
  'cards',
  'copied-cards',
  'lost-cards',
  'reader-cards',
  'unseen-starts',
  'ended-lists',
  'newer-phones',
  'newer-issuers',
  'newer-chargers',
  'unseen-issuers',
  'charger-keys',
  'charger-keys-mid-session',
  'cloned-chargers',
  'rotten-disks',
] as const
export type LivedThing = (typeof livedThings)[number]

export type LivedCounts = Readonly<Partial<Record<LivedThing, number>>>

export class Lived {
  readonly #counts = new Map<LivedThing, number>()

  count(thing: LivedThing): void {
    this.#counts.set(thing, (this.#counts.get(thing) ?? 0) + 1)
  }

  counts(): LivedCounts {
    return Object.fromEntries(livedThings.flatMap((thing) => this.#entry(thing)))
  }

  #entry(thing: LivedThing): readonly (readonly [LivedThing, number])[] {
    const count = this.#counts.get(thing)
    return count === undefined ? [] : [[thing, count]]
  }
}

/** Over many worlds, with a figure for everything, so that what never happened is told as well. */
export const addedUp = (all: readonly LivedCounts[]): Readonly<Record<LivedThing, number>> => {
  const sums = {} as Record<LivedThing, number>
  for (const thing of livedThings) sums[thing] = all.reduce((sum, counts) => sum + (counts[thing] ?? 0), 0)
  return sums
}
