import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fingerprint } from '@/scripts/build/fingerprint.mjs'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outpost-fingerprint-'))
  mkdirSync(join(root, 'lib/deep'), { recursive: true })
  writeFileSync(join(root, 'lib/a.ts'), 'a')
  writeFileSync(join(root, 'lib/deep/b.ts'), 'b')
})
afterEach(() => rmSync(root, { recursive: true }))

const now = (settings: string[] = []) => fingerprint(['lib', 'absent'], settings, root)

test('the same files give the same fingerprint', () => {
  expect(now()).toBe(now())
})

test('a changed byte in a nested file gives another', () => {
  const before = now()
  writeFileSync(join(root, 'lib/deep/b.ts'), 'B')
  expect(now()).not.toBe(before)
})

test('a renamed file with the same content gives another', () => {
  const before = now()
  rmSync(join(root, 'lib/a.ts'))
  writeFileSync(join(root, 'lib/c.ts'), 'a')
  expect(now()).not.toBe(before)
})

test('a changed setting gives another', () => {
  expect(now(['demo 1'])).not.toBe(now(['demo 0']))
})

test('what was installed or built does not count', () => {
  const before = now()
  mkdirSync(join(root, 'lib/node_modules'))
  writeFileSync(join(root, 'lib/node_modules/x.js'), 'x')
  expect(now()).toBe(before)
})
