import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { toHex } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { openOrCreateKeyFile } from '@/lib/crypto/key-file'

const folder = mkdtempSync(join(tmpdir(), 'outpost-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a key file gives the same secret at every opening and is readable by its owner alone', () => {
  const path = join(folder, 'deep', 'device.key')
  const first = expectOk(openOrCreateKeyFile(path, 'correct'), 'create')
  const second = expectOk(openOrCreateKeyFile(path, 'correct'), 'reopen')
  expect(toHex(second)).toBe(toHex(first))
  expect(first).toHaveLength(32)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).not.toContain(Buffer.from(first).toString('base64'))
})

test('a wrong passphrase and a damaged file are told apart', () => {
  const path = join(folder, 'other.key')
  expectOk(openOrCreateKeyFile(path, 'correct'), 'create')
  expect(openOrCreateKeyFile(path, 'wrong')).toMatchObject({ ok: false, error: { kind: 'wrong-passphrase' } })
  writeFileSync(path, '{"version":1}')
  expect(openOrCreateKeyFile(path, 'correct')).toMatchObject({ ok: false, error: { kind: 'damaged' } })
})
