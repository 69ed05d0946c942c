/**
 * A session that became known late may have to be settled while another one stands at its bay. It runs through the same
 * machine beside it, under a number that no bay has, and nothing of it is on the screen.
 */

/** Above every bay's own number. */
const step = 1_000

/** The first shadow of the bay that is free. */
export function shadowOf(bay: number, taken: (id: number) => boolean): number {
  let id = bay + step
  while (taken(id)) id += step
  return id
}

export const isShadow = (id: number): boolean => id >= step

/** A bay is its own. */
export const bayOfState = (id: number): number => id % step
