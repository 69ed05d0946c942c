/** The languages that every string exists in, and how one is chosen: a stored choice first, then the browser's list. */

export const locales = ['en', 'de'] as const
export type Locale = (typeof locales)[number]

/** What each language calls itself; never translated. */
export const localeNames = { en: 'English', de: 'Deutsch' } as const satisfies Record<Locale, string>

export const parseLocale = (text: string | null | undefined): Locale | undefined =>
  locales.find((locale) => locale === text)

/** `preferred` is `navigator.languages`: BCP 47 tags, best first. */
export function chooseLocale(stored: string | null | undefined, preferred: readonly string[]): Locale {
  const chosen = parseLocale(stored)
  if (chosen !== undefined) return chosen
  for (const tag of preferred) {
    const match = parseLocale(tag.split('-')[0]?.toLowerCase())
    if (match !== undefined) return match
  }
  return 'en'
}
