/** Sizes of data as people read them, in thousands as phones tell their storage. */

import { numberFormat } from './intl-cache'
import type { Locale } from './locale'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** `(12345)` → "12.3 kB". */
export function formatBytes(locale: Locale, size: number): string {
  const power = size < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3))
  const format = numberFormat(locale, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: size < 10_000 ? 0 : 1,
  })
  return format.format(size / 1_000 ** power)
}
