/** Intl formatters are costly to make (about 50 µs) and screens redraw every second, so each kind is made once. */

import type { Locale } from './locale'

/** English figures are written the European way: 24 hours, day before month. */
const tags = { en: 'en-GB', de: 'de-DE' } as const satisfies Record<Locale, string>

export const localeTag = (locale: Locale): string => tags[locale]

const numberFormats = new Map<string, Intl.NumberFormat>()
const dateFormats = new Map<string, Intl.DateTimeFormat>()

/** Keys come from a handful of fixed option objects times two languages times listed currencies, so the maps stay small. */
export function numberFormat(
  locale: Locale,
  options: Intl.NumberFormatOptions,
  tag: string = tags[locale],
): Intl.NumberFormat {
  const key = `${tag} ${JSON.stringify(options)}`
  const known = numberFormats.get(key)
  if (known !== undefined) return known
  const made = new Intl.NumberFormat(tag, options)
  numberFormats.set(key, made)
  return made
}

export function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`
  const known = dateFormats.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat(tags[locale], options)
  dateFormats.set(key, made)
  return made
}
