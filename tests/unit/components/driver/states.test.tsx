import { renderToStaticMarkup } from 'react-dom/server'
import { IntlProvider } from 'use-intl/react'
import { expect, test } from 'vitest'
import { ceremonyStates } from '@/components/driver/fixtures/ceremony-states'
import { energyStates } from '@/components/driver/fixtures/energy-states'
import { homeStates } from '@/components/driver/fixtures/home-states'
import { receiptStates } from '@/components/driver/fixtures/receipt-states'
import { settingsStates } from '@/components/driver/fixtures/settings-states'
import { startStates } from '@/components/driver/fixtures/start-states'
import { locales, type Locale } from '@/lib/format/locale'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'

const words = { en, de } as const
const states = [
  ...startStates,
  ...homeStates,
  ...receiptStates,
  ...energyStates,
  ...settingsStates,
  ...ceremonyStates,
]

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
  expect(html).toMatch(/with\spasskey\s€42/)
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

test('while charging, stopping is the one primary act', () => {
  const html = markup('session-charging', 'en')
  expect(/<button[^>]*bg-amber[^>]*>.*?<\/button>/s.exec(html)?.[0]).toContain('Stop charging')
})

test('nobody is told to be ready offline before the app itself is kept', () => {
  for (const id of ['home-app-keeping', 'home-app-keeping-offline', 'home-app-not-kept']) {
    const html = markup(id, 'en')
    expect(html).not.toContain('>Ready offline<')
    expect(html).not.toContain('No signal needed')
  }
  expect(markup('home-app-keeping', 'en')).toContain('still coming onto this phone')
})

test('two codes in turn say so, begin with the news, and can be held at one’s own', () => {
  const html = markup('show-code-news', 'en')
  expect(html).toContain('2 codes: hold still')
  expect(html).toContain('aria-label="News for the charger"')
  expect(html).toContain('Show only my code')
  expect(markup('show-code', 'en')).not.toContain('2 codes')
})

test('a price that changes is shown with both prices and the time', () => {
  const html = markup('approve-price-change', 'en')
  expect(html).toContain('€0.49')
  expect(html).toContain('€0.61')
  expect(html).toContain('From ')
})

test('a dispute shows what was said and how far it has come', () => {
  expect(markup('receipt-disputed', 'en')).toContain('Waits for a connection')
  expect(markup('receipt-disputed-case', 'en')).toContain('Somebody is looking at it')
  const decided = markup('receipt-disputed-settled', 'en')
  expect(decided).toContain('€4.50 given back')
  expect(decided).toContain('Decided: you pay €7.90')
})

test('receipts settled in several currencies stand with a sum for each, and none across them', () => {
  const html = markup('home-settled-currencies', 'en')
  expect(html).toContain('<li>€27.94</li>')
  expect(html).toMatch(/<li>CHF\s14.80<\/li>/)
  expect(html).not.toContain('42.74')
  expect(html).not.toContain('in all')
})

test('what the foot of Home does already is not offered a second time by its notice', () => {
  expect(markup('home-no-answer', 'en')).not.toContain('Open the session')
  expect(markup('home-no-answer', 'en')).toContain('Open your session')
  expect(markup('home-no-answer-older', 'en')).toContain('Open the session')
})
