/** Security profiles 1 and 2 over real sockets: the site's certificate, one-time passwords, and passwords of their own. */

import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectOk } from '@/lib/core/result'
import { epochSeconds, type EpochSeconds } from '@/lib/core/units'
import { openPasswordBook, type FilePasswordBook } from '@/charger-kiosk/ocpp/password-book'
import { makeSiteCertificate } from '@/lib/crypto/site-certificate'
import { makeTlsFiles, readTlsFiles, tlsFilesIn } from '@/charger-kiosk/ocpp/tls-files'
import { systemClock, systemTimers } from '@/charger-kiosk/system'
import { VirtualCharger, type VirtualChargerOptions } from '@/simulator/charger/virtual-charger'
import { temporaryFolder } from '@/tests/integration/kiosk/kiosk-process'
import { identity, openBench, type Bench } from './recording-shell'

const nowS = (): EpochSeconds => systemClock.nowS()
const yearS = 365 * 86_400
const site = makeSiteCertificate(['localhost', '127.0.0.1'], nowS(), yearS)

let folder: ReturnType<typeof temporaryFolder>
let bookPath: string
let book: FilePasswordBook
let bench: Bench
const chargers: VirtualCharger[] = []

beforeEach(() => {
  folder = temporaryFolder()
  bookPath = join(folder.path, 'passwords.json')
  book = openPasswordBook(bookPath, nowS)
})
afterEach(async () => {
  for (const charger of chargers.splice(0)) charger.stop()
  await bench.close()
  folder.remove()
})

function connect(options: Partial<VirtualChargerOptions> = {}, scheme = 'wss'): VirtualCharger {
  const url = `${scheme}://127.0.0.1:${bench.system.port}/ocpp`
  const charger = new VirtualCharger(
    { url, identity, reconnectMs: 20, trustedCertificate: site.cert, ...options },
    { clock: systemClock, timers: systemTimers },
  )
  chargers.push(charger)
  charger.start()
  return charger
}

const configured = () => bench.shell.until(() => bench.shell.ofType('configured').length > 0)
const incident = (kind: 'tls-failed' | 'wrong-password' | 'unknown-identity') =>
  bench.shell.until(() => bench.shell.incidents(kind).length > 0)

describe('TLS', () => {
  test('carries a charger that trusts the site’s certificate and has its password', async () => {
    bench = await openBench({ tls: site, chargers: [{ identity, password: 'long enough for this' }] })
    connect({ password: 'long enough for this' })
    await configured()
  })

  test('lets no charger in that trusts another certificate, and says so', async () => {
    bench = await openBench({ tls: site, chargers: [{ identity, password: 'long enough for this' }] })
    const other = makeSiteCertificate(['127.0.0.1'], nowS(), yearS)
    const charger = connect({ password: 'long enough for this', trustedCertificate: other.cert })
    await incident('tls-failed')
    expect(charger.state.isLinked).toBe(false)
    expect(bench.shell.ofType('connected')).toHaveLength(0)
  })

  test('answers nobody who speaks in the clear', async () => {
    bench = await openBench({ tls: site, chargers: [{ identity, password: 'long enough for this' }] })
    connect({ password: 'long enough for this' }, 'ws')
    await incident('tls-failed')
    expect(bench.shell.ofType('connected')).toHaveLength(0)
  })

  test.each([
    ['a wrong password', { password: 'something else' }, 'wrong-password'],
    ['no password', {}, 'wrong-password'],
    ['an unknown identity', { identity: 'CP-9', password: 'long enough for this' }, 'unknown-identity'],
  ] as const)('admits nobody with %s, and says so', async (_name, options, kind) => {
    bench = await openBench({ tls: site, chargers: [{ identity, password: 'long enough for this' }] })
    connect(options)
    await incident(kind)
    expect(bench.shell.ofType('connected')).toHaveLength(0)
  })

  test('demands that a charger be enrolled although the identity is known', async () => {
    bench = await openBench({ tls: site, passwords: book })
    connect({ password: 'anything at all' })
    await incident('wrong-password')
    expect(bench.shell.incidents('wrong-password')[0]?.detail).toMatch(/not been enrolled/)
  })
})

describe.each(['1.6', '2.0.1'] as const)('enrolment of a charger of %s', (version) => {
  test('begins with a one-time password and ends with one that only the charger knows', async () => {
    bench = await openBench({ tls: site, passwords: book })
    const oneTime = await book.enrol(identity)
    const charger = connect({ password: oneTime, version })
    await configured()
    const given = charger.state.configuration['AuthorizationKey'] ?? ''
    expect(given).toMatch(/^[0-9a-f]{40}$/)
    expect(given).not.toBe(oneTime)
    const kept = readFileSync(bookPath, 'utf8')
    expect(kept).not.toContain(given)
    expect(kept).not.toContain(oneTime)
    // Not before the charger has shown the new one does the old one end.
    expect(await book.check(identity, Buffer.from(oneTime))).toBe('right')
    charger.dropLink(0)
    await bench.shell.until(() => bench.shell.ofType('connected').length === 2)
    expect(await book.check(identity, Buffer.from(oneTime))).toBe('wrong')
    expect(await book.check(identity, Buffer.from(given))).toBe('right')
    expect(book.isRenewalDue(identity)).toBe(false)
  })
})

describe('the passwords', () => {
  beforeEach(async () => {
    bench = await openBench()
  })

  test('are taken as hex digits in either case, and as the bytes that these stand for', async () => {
    const password = await book.enrol(identity)
    expect(await book.check(identity, Buffer.from(password.toUpperCase()))).toBe('right')
    expect(await book.check(identity, Buffer.from(password, 'hex'))).toBe('right')
    expect(await book.check(identity, undefined)).toBe('wrong')
  })

  test('that are for one time end after a day', async () => {
    const password = await book.enrol(identity)
    const tomorrow = openPasswordBook(bookPath, () => epochSeconds(nowS() + 86_401))
    expect(await tomorrow.check(identity, Buffer.from(password))).toBe('wrong')
  })

  test('survive answers that were lost: whichever the charger took is right', async () => {
    await book.enrol(identity)
    const [first, second] = [await book.renew(identity), await book.renew(identity)]
    expect(first).not.toBe(second)
    expect(await book.check(identity, Buffer.from(first ?? ''))).toBe('right')
    expect(await book.check(identity, Buffer.from(second ?? ''))).toBe('wrong')
  })

  test('stay what they were where a charger cannot be given another', async () => {
    const password = await book.enrol(identity)
    const refused = await book.renew(identity)
    book.answered(identity, 'not-supported')
    expect(await book.check(identity, Buffer.from(password))).toBe('right')
    expect(await book.check(identity, Buffer.from(refused ?? ''))).toBe('wrong')
    expect(book.isRenewalDue(identity)).toBe(false)
  })

  test('of a charger that was taken out open nothing', async () => {
    const password = await book.enrol(identity)
    book.remove(identity)
    expect(await book.check(identity, Buffer.from(password))).toBe('none')
  })
})

describe('the site’s certificate', () => {
  beforeEach(async () => {
    bench = await openBench()
  })

  test('names every address under which chargers come, and is its own root', () => {
    const { key: _key, cert } = makeSiteCertificate(['outpost.local', '10.0.0.5'], nowS(), 30 * yearS)
    const read = new X509Certificate(cert)
    expect(read.subjectAltName).toBe('DNS:outpost.local, IP Address:10.0.0.5')
    expect(read.subject).toBe('CN=outpost.local')
    expect(read.ca).toBe(true)
    expect(read.verify(read.publicKey)).toBe(true)
    expect(new Date(read.validTo).getFullYear()).toBeGreaterThan(2050)
    expect(new Date(read.validFrom).getTime()).toBeLessThan(Date.now())
  })

  test('is made once, kept, and refused where its key is another’s', () => {
    const files = tlsFilesIn(folder.path)
    expect(readTlsFiles(files)).toMatchObject({ ok: false, error: { code: 'unreadable' } })
    const made = makeTlsFiles(files, ['10.0.0.5'], nowS())
    expect(expectOk(readTlsFiles(files), 'the pair')).toEqual(made)
    const other = { keyFile: files.keyFile, certFile: join(folder.path, 'other.pem') }
    makeTlsFiles({ ...other, keyFile: join(folder.path, 'other-key.pem') }, ['10.0.0.6'], nowS())
    expect(readTlsFiles(other)).toMatchObject({ ok: false, error: { code: 'unusable' } })
  })
})
