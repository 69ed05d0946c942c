/** The charger's keys in real files. */

import { chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDeviceKeys } from '@/charger-kiosk/keys/device-keys'
import { expectOk } from '@/lib/core/result'
import { temporaryFolder } from './kiosk-process'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => (folder = temporaryFolder()))
afterEach(() => folder.remove())

const passphrase = 'correct horse battery'
const sentence = (result: ReturnType<typeof openDeviceKeys>): string =>
  result.ok ? '' : result.error.sentence

test('keys are made once and are the same ever after; the signing key is not the journal’s', () => {
  const first = expectOk(openDeviceKeys(folder.path, passphrase), 'made')
  const second = expectOk(openDeviceKeys(folder.path, passphrase), 'opened')
  expect([second.signer.publicKey, second.journalKey]).toEqual([first.signer.publicKey, first.journalKey])
  expect(first.journalKey).toMatch(/^[0-9a-f]{64}$/)
  expect(statSync(join(folder.path, 'device.key')).mode & 0o077).toBe(0)
  expect(readFileSync(join(folder.path, 'device.key'), 'utf8')).not.toContain(first.journalKey)
})

test('a wrong passphrase, a damaged file and a passphrase that others can read are each said plainly', () => {
  openDeviceKeys(folder.path, passphrase)
  expect(sentence(openDeviceKeys(folder.path, 'another passphrase'))).toContain(
    'sealed with another passphrase',
  )
  expect(sentence(openDeviceKeys(folder.path, 'short'))).toContain('at least 12 characters')
  truncateSync(join(folder.path, 'device.key'), 20)
  expect(sentence(openDeviceKeys(folder.path, passphrase))).toContain('damaged')
  writeFileSync(join(folder.path, 'passphrase'), passphrase)
  chmodSync(join(folder.path, 'passphrase'), 0o644)
  expect(sentence(openDeviceKeys(folder.path, undefined))).toContain('mode 600')
})

test('without a passphrase one is made for development, readable by its owner alone', () => {
  const first = expectOk(openDeviceKeys(folder.path, undefined), 'made')
  expect(statSync(join(folder.path, 'passphrase')).mode & 0o777).toBe(0o600)
  expect(expectOk(openDeviceKeys(folder.path, undefined), 'opened').journalKey).toBe(first.journalKey)
})

test('a later generation is a key of its own, made once, and the first stays what it was', () => {
  const first = expectOk(openDeviceKeys(folder.path, passphrase), 'made')
  const second = expectOk(openDeviceKeys(folder.path, passphrase, 2), 'made')
  const again = expectOk(openDeviceKeys(folder.path, passphrase, 2), 'opened')
  expect(second.signer.publicKey).toBe(first.signer.publicKey)
  expect(second.journalKey).toBe(first.journalKey)
  expect(second.nextSigners).toHaveLength(1)
  expect(second.nextSigners[0]?.publicKey).not.toBe(first.signer.publicKey)
  expect(again.nextSigners[0]?.publicKey).toBe(second.nextSigners[0]?.publicKey)
})
