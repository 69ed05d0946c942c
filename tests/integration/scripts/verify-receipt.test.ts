import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inProject } from '@/scripts/setup/root.mjs'

const directory = mkdtempSync(join(tmpdir(), 'verify-receipt-'))
afterAll(() => rmSync(directory, { recursive: true }))

function verifyReceipt(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', inProject('scripts/verify-receipt.ts'), ...args],
    { cwd: inProject('.'), encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

test('an honest receipt and an honest log end with 0', () => {
  const { status, stdout } = verifyReceipt('docs/samples/receipt.txt', 'docs/samples/log.bundle')
  expect(stdout).toContain('receipt 2, €0.00, never-started')
  expect(status).toBe(0)
})

test('a forged receipt ends with 1 and says its code', () => {
  const { status, stdout } = verifyReceipt('docs/samples/forged-receipt.txt')
  expect(stdout).toContain('R-90')
  expect(status).toBe(1)
})

test.each<[string, string[]]>([
  ['no file', []],
  ['an option that there is none of', ['docs/samples/receipt.txt', '--quick']],
])('%s ends with 2 and how to ask', (_, args) => {
  const { status, stderr } = verifyReceipt(...args)
  expect(stderr).toContain('Usage: npm run verify-receipt')
  expect(status).toBe(2)
})

test('a trust list that its root did not sign is not believed', () => {
  const path = join(directory, 'trust.json')
  writeFileSync(path, JSON.stringify({ root: '0'.repeat(64), trustList: 'AAAA' }))
  const { status, stderr } = verifyReceipt('docs/samples/receipt.txt', '--trust', path)
  expect(stderr).toContain('not signed by its root')
  expect(status).toBe(2)
})
