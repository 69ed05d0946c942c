// Runs work on items with at most so many at a time, in order of the list.

/**
 * @template T
 * @param {readonly T[]} items
 * @param {number} lanes
 * @param {(item: T) => Promise<void>} work
 */
export async function runBounded(items, lanes, work) {
  const queue = [...items]
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, queue.length) }, lane))
}
