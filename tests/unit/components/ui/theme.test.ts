import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  contrastStorageKey,
  localeStorageKey,
  themeScript,
  themeStorageKey,
  usedAttribute,
  usedStorageKey,
} from '@/components/ui/theme-script'

const css = readFileSync(
  fileURLToPath(new URL('../../../../components/ui/theme.css', import.meta.url)),
  'utf8',
)

/** Custom properties of the first block that opens after `selector`. */
function tokens(selector: string): ReadonlyMap<string, string> {
  const block = css.slice(css.indexOf(selector))
  const body = block.slice(block.indexOf('{') + 1, block.indexOf('}'))
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!.trim()]),
  )
}

const day = tokens(":root,\n[data-theme='day'] {")
const night = tokens("[data-theme='night'] {")
const nightByDevice = tokens(':root:not([data-theme]) {')

function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/** WCAG 2.2 contrast ratio of two tokens. */
function contrast(theme: ReadonlyMap<string, string>, one: string, other: string): number {
  const [light, dark] = [one, other].map((name) => luminance(theme.get(name) ?? '')).sort((a, b) => b - a)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

const strongDay = tokens(":root[data-contrast='more'],")
const strongNight = tokens(":root[data-contrast='more'][data-theme='night'],")

const themes = [
  ['day', day],
  ['night', night],
  ['day with strong contrast', strongDay],
  ['night with strong contrast', strongNight],
] as const

test('strong contrast is the same whether chosen or asked for by the device, by day and by night', () => {
  expect([...tokens(':root:root,')]).toEqual([...strongDay])
  for (const selector of [
    ":root[data-contrast='more']:not([data-theme]) {",
    ":root:root[data-theme='night'],",
    ':root:root:not([data-theme]) {',
  ]) {
    expect([...tokens(selector)]).toEqual([...strongNight])
  }
})

test.each([strongDay, strongNight])(
  'strong contrast is stronger: every ink and edge at 12:1 and more',
  (theme) => {
    for (const ink of ['ink', 'mute', 'good', 'bad', 'offline', 'edge']) {
      const ratio = contrast(theme, ink, 'paper')
      expect({ ink, enough: ratio >= 12 }).toEqual({ ink, enough: true })
    }
    expect(contrast(theme, 'line', 'paper')).toBeGreaterThan(7)
  },
)

test('night is the same whether chosen or taken from the device', () => {
  expect([...nightByDevice]).toEqual([...night])
})

test.each(themes)('by %s every ink reads at 7:1 and more on paper and on cards', (_name, theme) => {
  for (const ink of ['ink', 'mute', 'good', 'bad', 'offline']) {
    for (const ground of ['paper', 'card']) {
      const ratio = contrast(theme, ink, ground)
      expect({ ink, ground, enough: ratio >= 7 }).toEqual({ ink, ground, enough: true })
    }
  }
})

test.each(themes)('by %s the words on amber read at 7:1 and more, pressed or not', (_name, theme) => {
  expect(contrast(theme, 'on-amber', 'amber')).toBeGreaterThan(7)
  expect(contrast(theme, 'on-amber', 'amber-pressed')).toBeGreaterThan(7)
})

test.each(themes)('by %s the edges of things to act on stand out at 3:1 and more', (_name, theme) => {
  expect(contrast(theme, 'edge', 'paper')).toBeGreaterThan(3)
  expect(contrast(theme, 'edge', 'card')).toBeGreaterThan(3)
})

test('the first script reads what the switches store', () => {
  expect(themeScript).toContain(`'${themeStorageKey}'`)
  expect(themeScript).toContain(`'${localeStorageKey}'`)
  expect(themeScript).toContain(`'${contrastStorageKey}'`)
  expect(themeScript).toContain(`'${usedStorageKey}'`)
  expect(themeScript).toContain(`'${usedAttribute}'`)
})
