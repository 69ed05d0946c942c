import { renderToStaticMarkup } from 'react-dom/server'
import { IntlProvider } from 'use-intl/react'
import { expect, test } from 'vitest'
import { ceremonyStates } from '@/components/driver/fixtures/ceremony-states'
import { homeStates } from '@/components/driver/fixtures/home-states'
import { startStates } from '@/components/driver/fixtures/start-states'
import { locales, type Locale } from '@/lib/format/locale'
import de from '@/lib/format/messages/de.json'
import en from '@/lib/format/messages/en.json'

const words = { en, de } as const
const states = [...startStates, ...homeStates, ...ceremonyStates]

/** Throws where a key or a placeholder is missing, instead of showing the key. */
function markup(id: string, locale: Locale): string {
  const state = states.find((candidate) => candidate.id === id)
  return renderToStaticMarkup(
    <IntlProvider
      locale={locale}
      messages={words[locale]}
      timeZone="Europe/Berlin"
      onError={(error) => {
        throw error
      }}
    >
      {state?.render()}
    </IntlProvider>,
  )
}

test('every state has a name of its own', () => {
  expect(new Set(states.map((state) => state.id)).size).toBe(states.length)
})

test.each(locales.flatMap((locale) => states.map((state) => [locale, state.id] as const)))(
  'in %s, %s has all its words, one heading at least, and one primary act at most',
  (locale, id) => {
    const html = markup(id, locale)
    expect(html.match(/<h1[ >]|role="status"/g)?.length ?? 0).toBeGreaterThan(0)
    expect(html.match(/<button[^>]*\bbg-amber\b/g)?.length ?? 0).toBeLessThanOrEqual(1)
    expect(html.match(/<main[ >]/g)?.length).toBe(1)
  },
)

test('home says how much, until when, and what a new charger accepts', () => {
  const html = markup('home-offline', 'en')
  expect(html).toContain('€42.00')
  expect(html).toContain('until Thu 18:00')
  expect(html).toContain('€15')
  expect(html).toContain('€60')
  expect(html).toContain('Ready offline')
})

test('a refusal names what happened, the money, the remedy and the code, in this order', () => {
  const html = markup('problem-unreadable', 'en')
  const places = ['could not be read', 'Nothing was charged', 'Raise the brightness', 'Q-10'].map((part) =>
    html.indexOf(part),
  )
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(places[0]).toBeGreaterThan(0)
})

test('while charging only signed figures are shown, with their age', () => {
  const html = markup('session-charging', 'en')
  expect(html).toContain('€6.55')
  expect(html).toContain('Signed by the charger 4 min ago')
})
