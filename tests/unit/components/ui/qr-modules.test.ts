import { expect, test } from 'vitest'
import { codeText } from '@/components/driver/fixtures/story'
import { qrModules, qrPath } from '@/components/ui/qr-modules'

const drawn = (text: string) => {
  const modules = qrModules(text)
  if (modules === undefined) throw new Error('Expected a code')
  return modules
}

test('the largest code of the ordinary path fits version 12', () => {
  expect(drawn(codeText(354)).version).toBeLessThanOrEqual(12)
})

test('a code with a passkey fits version 18', () => {
  expect(drawn(codeText(640)).version).toBeLessThanOrEqual(18)
})

test('our alphabet is written in alphanumeric mode, which takes a smaller code than bytes would', () => {
  const text = codeText(354)
  expect(drawn(text).version).toBeLessThan(drawn(text.toLowerCase()).version)
})

test('the path covers exactly the dark modules, moved by the quiet zone', () => {
  const modules = drawn('OP1:GRIMSEL')
  const quiet = 4
  const covered = new Set<string>()
  for (const [, x, y, width] of qrPath(modules, quiet).matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let offset = 0; offset < Number(width); offset += 1) covered.add(`${Number(x) + offset} ${y}`)
  }
  const dark = new Set<string>()
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.isDark(row, column)) dark.add(`${column + quiet} ${row + quiet}`)
    }
  }
  expect(covered).toEqual(dark)
})

test('text that no code can hold gives no code', () => {
  expect(qrModules('A'.repeat(5_000))).toBeUndefined()
})
