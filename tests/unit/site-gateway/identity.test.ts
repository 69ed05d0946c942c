import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { openIdentity } from '@/site-gateway/identity'

const nowS = epochSeconds(1_795_000_000)
const passphrase = 'a passphrase from outside'
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-identity-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const stored = (): string => readFileSync(join(folder, 'tls', 'key.pem'), 'utf8')

test('is the same after a restart, and only its user can read it', () => {
  const made = openIdentity(folder, nowS, undefined)
  expect(openIdentity(folder, nowS, undefined)).toEqual(made)
  expect(made.pin).toMatch(/^[0-9a-f]{64}$/)
  expect(statSync(join(folder, 'tls', 'key.pem')).mode & 0o077).toBe(0)
})

test('lies sealed where there is a passphrase, and opens with that one alone', () => {
  const made = openIdentity(folder, nowS, passphrase)
  expect(stored()).toContain('ENCRYPTED PRIVATE KEY')
  expect(stored()).not.toContain(made.key.split('\n')[1])
  expect(openIdentity(folder, nowS, passphrase)).toEqual(made)
  expect(() => openIdentity(folder, nowS, 'another passphrase')).toThrow('another passphrase')
  expect(() => openIdentity(folder, nowS, undefined)).toThrow('keys.passphraseFile')
  // Nothing of all that has replaced the key that chargers know.
  expect(openIdentity(folder, nowS, passphrase).pin).toBe(made.pin)
})

test('that lay in the clear is sealed once somebody gives a passphrase, and stays the same key', () => {
  const made = openIdentity(folder, nowS, undefined)
  expect(stored()).not.toContain('ENCRYPTED')
  expect(openIdentity(folder, nowS, passphrase).pin).toBe(made.pin)
  expect(stored()).toContain('ENCRYPTED PRIVATE KEY')
})
