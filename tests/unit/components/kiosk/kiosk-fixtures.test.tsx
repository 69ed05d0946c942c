import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { IntlProvider } from 'use-intl/react'
import { easeStates } from '@/components/kiosk/fixtures/ease-states'
import { sessionStates } from '@/components/kiosk/fixtures/session-states'
import { waitingStates } from '@/components/kiosk/fixtures/waiting-states'
import { locales, type Locale } from '@/lib/format/locale'
import { de } from '@/lib/format/messages/de'
import { en } from '@/lib/format/messages/en'

const words = { en, de } as const
const states = [...waitingStates, ...sessionStates, ...easeStates]

function markup(id: string, locale: Locale): string {
  const state = states.find((candidate) => candidate.id === `kiosk-${id}`)
  if (state === undefined) throw new Error(`No fixture ${id}`)
  return renderToStaticMarkup(
    <IntlProvider
      locale={locale}
      messages={words[locale]}
      timeZone="Europe/Berlin"
      onError={(error) => {
        throw error
      }}
    >
      {state.render()}
    </IntlProvider>,
  )
}

const textOf = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/[\s\u00a0]+/g, ' ')

test('every state has an id of its own', () => {
  expect(new Set(states.map((state) => state.id)).size).toBe(states.length)
})

describe.each(locales)('in %s', (locale) => {
  test.each(states.map((state) => state.id.replace('kiosk-', '')))('%s has all its words', (id) => {
    expect(markup(id, locale)).not.toBe('')
  })

  test.each(
    states
      .map((state) => state.id.replace('kiosk-', ''))
      .filter((id) => id !== 'lost' && id !== 'connecting'),
  )('%s has Help, both languages and Stop in its foot', (id) => {
    const foot = textOf(/<footer.*<\/footer>/s.exec(markup(id, locale))?.[0] ?? '')
    expect(foot).toContain(words[locale].kiosk.help)
    expect(foot).toContain('English')
    expect(foot).toContain('Deutsch')
    expect(foot).toContain(words[locale].kiosk.stop)
  })
})

test('the price stands on every screen of a session', () => {
  for (const id of ['starting', 'charging', 'stopping', 'stop-entry', 'finished']) {
    expect(textOf(markup(id, 'en'))).toContain('€0.49 per kWh')
  }
})

test('a refusal says what happened, whether money moved, what to do, and its code', () => {
  const text = textOf(markup('refused-pinned', 'en'))
  expect(text).toContain('This charger does not know the wallet yet and accepts only smaller holds from it.')
  expect(text).toContain('Nothing was charged.')
  expect(text).toContain('Choose a smaller hold, or confirm with a passkey.')
  expect(text).toContain('H-52')
})

test('a signed decline takes the place of the offer, and without one the offer stays', () => {
  expect(markup('refused-pinned', 'en')).not.toContain('Your phone must show these words')
  expect(markup('refused-unreadable', 'en')).toContain('Your phone must show these words')
})

test('the stop code is shown in the first minute and not after it', () => {
  expect(markup('charging-first-minute', 'en')).toContain('>482<')
  expect(textOf(markup('charging', 'en'))).not.toContain('stop code')
})

test('the lines of a bill are those that were charged for', () => {
  const text = textOf(markup('finished', 'en'))
  expect(text).toMatch(/Energy · 18\.420 kWh €9\.03 Time €2\.36 Session €1\.00 of which 19% tax €1\.98/)
  expect(text).not.toContain('Parked')
  expect(text).toContain('€27.61 of your hold is free again.')
})

test('a session without energy says that it cost nothing', () => {
  const text = textOf(markup('finished-zero', 'en'))
  expect(text).toContain('€0.00')
  expect(text).toContain('No energy, no cost.')
})

test('a locked stop code leaves no key that can be pressed', () => {
  const body = /<main.*<\/main>/s.exec(markup('stop-entry-locked', 'en'))?.[0] ?? ''
  const keys = body.match(/<button[^>]*>/g) ?? []
  const pressable = keys.filter((key) => !key.includes('disabled=""'))
  expect(pressable).toHaveLength(1)
  expect(textOf(body)).toContain('Unplug at the vehicle. That always ends the session.')
})

test('a bay that is out of service names a phone number, the charger and the code', () => {
  const text = textOf(markup('unavailable', 'en'))
  expect(text).toContain('+49 30 5557 2040')
  expect(text).toContain('Name charger GRIM-02 and code C-72.')
})

test('a lost controller is told calmly, with what happens to a running session', () => {
  const text = textOf(markup('lost', 'en'))
  expect(text).toContain('A running session goes on and is billed correctly.')
  expect(text).not.toMatch(/error|failed/i)
})
