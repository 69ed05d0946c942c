/** Small statistics for benches: medians and percentiles of measured milliseconds. */

/** The value below which `share` of all measurements lie (nearest rank). NaN when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? Number.NaN
}

export const rounded = (value: number, decimals = 2): number => Number(value.toFixed(decimals))

/** One line on standard error, rewritten in place on a terminal. */
export function progress(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`)
}
