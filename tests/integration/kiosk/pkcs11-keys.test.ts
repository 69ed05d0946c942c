/** The charger's keys in a real PKCS#11 module: SoftHSM, where Debian's package softhsm2 is installed. */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Pkcs11 from 'pkcs11js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDeviceKeys } from '@/charger-kiosk/keys/device-keys'
import { openPkcs11Keys, type Pkcs11Keys, type TokenKeys } from '@/charger-kiosk/keys/pkcs11-keys'
import { KeyWatch } from '@/charger-kiosk/keys/watched-signer'
import { systemTimers } from '@/charger-kiosk/system'
import { utf8 } from '@/lib/core/bytes'
import { expectOk } from '@/lib/core/result'
import { verifyWithNode } from '@/lib/crypto/node'
import { temporaryFolder } from './kiosk-process'

const module = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'].find(
  (path) => existsSync(path),
)
const lacking = (() => {
  if (module === undefined) return 'softhsm2 is not installed (apt install softhsm2)'
  try {
    createRequire(import.meta.url)('pkcs11js')
    return undefined
  } catch {
    return 'the optional package pkcs11js was not built'
  }
})()
if (lacking !== undefined) process.stderr.write(`PKCS#11 tests are skipped: ${lacking}.\n`)

let folder: ReturnType<typeof temporaryFolder>
let keys: Pkcs11Keys
const tokens = () => join(folder.path, 'tokens')

beforeEach(() => {
  folder = temporaryFolder()
  mkdirSync(tokens())
  const configuration = join(folder.path, 'softhsm2.conf')
  writeFileSync(
    configuration,
    `directories.tokendir = ${tokens()}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  )
  process.env['SOFTHSM2_CONF'] = configuration
  if (lacking !== undefined) return
  const label = ['--label', 'charger', '--so-pin', '5678', '--pin', '1234']
  execFileSync('softhsm2-util', ['--init-token', '--free', ...label], { stdio: 'ignore' })
  keys = {
    folder: join(folder.path, 'keys'),
    place: { module: module ?? '', token: 'charger', pin: '1234' },
    generation: 1,
    passphrase: 'correct horse battery',
  }
})
afterEach(() => {
  open?.close()
  open = undefined
  folder.remove()
})

let open: TokenKeys | undefined
/** As at a start: a process has a module open once. */
function openAgain(wanted: Pkcs11Keys, journalKey?: string): TokenKeys {
  open?.close()
  open = expectOk(openPkcs11Keys(wanted, journalKey), 'opened')
  return open
}

const message = utf8('what a charger signs')

test.skipIf(lacking !== undefined)(
  'keys are made in the token once, sign what verifies, and seal the journal’s key',
  async () => {
    const made = openAgain(keys)
    const again = openAgain(keys)
    expect([again.signer.publicKey, again.journalKey]).toEqual([made.signer.publicKey, made.journalKey])
    expect(made.journalKey).toMatch(/^[0-9a-f]{64}$/)
    expect(verifyWithNode(made.signer.publicKey, message, await again.signer.sign(message))).toBe(true)
    const sealed = readFileSync(join(keys.folder, 'journal-key.sealed'), 'utf8')
    expect(Buffer.from(sealed, 'base64').toString('hex')).not.toContain(made.journalKey)
    const next = openAgain({ ...keys, generation: 2 })
    expect(next.signer.publicKey).toBe(made.signer.publicKey)
    expect(next.nextSigners[0]?.publicKey).not.toBe(made.signer.publicKey)
    const before = performance.now()
    for (let index = 0; index < 200; index += 1) await next.signer.sign(message)
    // A charger signs a few times a minute. On a busy machine still far more than it needs.
    expect(200_000 / (performance.now() - before)).toBeGreaterThan(50)
  },
)

test.skipIf(lacking !== undefined)('the private key cannot be read, whoever asks', () => {
  openAgain(keys).close()
  const pkcs11 = createRequire(import.meta.url)('pkcs11js') as typeof Pkcs11
  const api = new pkcs11.PKCS11()
  api.load(module ?? '')
  api.C_Initialize()
  const slot = api.C_GetSlotList(true)[0]!
  const session = api.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION)
  api.C_Login(session, pkcs11.CKU_USER, '1234')
  api.C_FindObjectsInit(session, [{ type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY }])
  const [found] = api.C_FindObjects(session, 1)
  api.C_FindObjectsFinal(session)
  expect(() => api.C_GetAttributeValue(session, found!, [{ type: pkcs11.CKA_VALUE }])).toThrow(
    'CKR_ATTRIBUTE',
  )
  api.C_Finalize()
  api.close()
})

test.skipIf(lacking !== undefined)(
  'a token that is pulled out is noticed, and signs again when it is back',
  async () => {
    const made = openAgain(keys)
    const said: (string | undefined)[] = []
    const watch = new KeyWatch(systemTimers, (fault) => said.push(fault))
    const signer = watch.watch(made.signer)
    renameSync(tokens(), `${tokens()}-out`)
    mkdirSync(tokens())
    await watch.probe()
    expect(watch.fault).toBeDefined()
    await expect(signer.sign(message)).rejects.toThrow()
    renameSync(tokens(), `${tokens()}-empty`)
    renameSync(`${tokens()}-out`, tokens())
    await watch.probe()
    expect(said).toEqual([expect.any(String), undefined])
    expect(verifyWithNode(signer.publicKey, message, await signer.sign(message))).toBe(true)
  },
)

test.skipIf(lacking !== undefined)(
  'a move from files keeps the journal’s key and the old signing key beside the new one',
  () => {
    const before = expectOk(openDeviceKeys(keys.folder, keys.passphrase), 'files')
    const early = openPkcs11Keys({ ...keys, generation: 2 })
    expect(early.ok ? '' : early.error.sentence).toContain('outpost-kiosk keys move')
    const moved = openAgain({ ...keys, generation: 2 }, before.journalKey)
    expect([moved.signer.publicKey, moved.journalKey]).toEqual([before.signer.publicKey, before.journalKey])
    expect(moved.nextSigners).toHaveLength(1)
    expect(openAgain({ ...keys, generation: 2 }).journalKey).toBe(before.journalKey)
  },
)

test.skipIf(lacking !== undefined)(
  'what the token forgets stays shut, whatever copies of the disk there are',
  () => {
    const made = openAgain(keys)
    const secret = made.segments.create(1)
    expect(openAgain(keys).segments.secretOf(1)).toEqual(secret)
    const file = join(keys.folder, 'segments-1.token')
    const copy = readFileSync(file)
    const next = openAgain(keys).segments.create(2)
    openAgain(keys).segments.destroyAllBut(2)
    expect(existsSync(file)).toBe(false)
    writeFileSync(file, copy)
    const { segments } = openAgain(keys)
    expect([segments.secretOf(1), segments.secretOf(2)]).toEqual([undefined, next])
  },
)

test.skipIf(lacking !== undefined)('secrets of the log’s segments move into the token with the keys', () => {
  const files = expectOk(openDeviceKeys(keys.folder, keys.passphrase), 'files').segments
  const secret = files.create(3)
  const { segments } = openAgain({ ...keys, generation: 2 }, 'ab'.repeat(32))
  segments.create(3, secret)
  segments.destroyAllBut(3)
  expect(existsSync(join(keys.folder, 'segments-3.sealed'))).toBe(false)
  expect(openAgain({ ...keys, generation: 2 }).segments.secretOf(3)).toEqual(secret)
})

test.skipIf(lacking !== undefined)(
  'a wrong PIN, a missing token and a missing module are each said plainly',
  () => {
    const sentence = (change: Partial<Pkcs11Keys['place']>): string => {
      const opened = openPkcs11Keys({ ...keys, place: { ...keys.place, ...change } })
      return opened.ok ? '' : opened.error.sentence
    }
    expect(sentence({ pin: '9999' })).toContain('did not take the PIN')
    expect(sentence({ token: 'another' })).toContain('no token with the label another')
    expect(sentence({ module: '/nowhere.so' })).toContain('/nowhere.so cannot be used')
  },
)
