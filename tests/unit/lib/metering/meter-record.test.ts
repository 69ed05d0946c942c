import fc from 'fast-check'
import { Crypto, EcPublicKey } from '@road-labs/ocmf-crypto-noble'
import { Verifier } from '@road-labs/ocmf'
import { describe, expect, it } from 'vitest'
import { fromHex, utf8 } from '@/lib/core/bytes'
import { meterCurveNames, spkiOf, type MeterCurve } from '@/lib/crypto/meter-signature'
import { nodeMeterCrypto as crypto } from '@/lib/crypto/node-meter'
import { meterKeyHash, readMeterKey } from '@/lib/metering/meter-key'
import { examineRecord, recordsHash, type MeterTrust } from '@/lib/metering/meter-record'
import { freshMeter, type SigningMeter } from '@/simulator/charger/signing-meter'

const readings = [
  { atS: 1_793_000_000, reason: 'B', energyWh: 268_978 },
  { atS: 1_793_003_600, reason: 'E', energyWh: 280_000 },
]
const bare: MeterTrust = { crypto, keyHash: undefined, knownKey: undefined }
const meters = new Map(meterCurveNames.map((curve) => [curve, freshMeter(curve)]))
const meterOn = (curve: MeterCurve): SigningMeter => meters.get(curve) ?? freshMeter(curve)

const faultOf = (data: string, publicKey: string | undefined, trust = bare): string | undefined =>
  examineRecord({ data, publicKey }, trust).fault?.code

/** Another implementation of the format, on another implementation of the curves. */
async function oracle(data: string, publicKey: string): Promise<boolean> {
  try {
    const key = EcPublicKey.fromEncoded(fromHex(publicKey), 'spki-der')
    return (await new Verifier(new Crypto()).parseAndVerify(data, key)).verified
  } catch {
    return false
  }
}

describe.each(meterCurveNames)('a record signed on %s', (curve) => {
  const meter = meterOn(curve)
  const data = meter.record(7, readings)

  it('is good, here and for the oracle', async () => {
    const examined = examineRecord({ data, publicKey: meter.publicKey }, bare)
    expect(examined.fault).toBeUndefined()
    expect(examined.ocmf?.meterSerial).toBe(meter.serial)
    expect(await oracle(data, meter.publicKey)).toBe(true)
  })

  it('is refused with another figure, by another key, and with a damaged signature', async () => {
    const changed = data.replace('268.978', '168.978')
    const stranger = freshMeter(curve)
    const damaged = data.replace(/([0-9a-f])"}$/, (_all, digit) => `${digit === '0' ? '1' : '0'}"}`)
    for (const [text, key] of [
      [changed, meter.publicKey],
      [data, stranger.publicKey],
      [damaged, meter.publicKey],
    ] as const) {
      expect(faultOf(text, key)).toBe('signature')
      expect(await oracle(text, key)).toBe(false)
    }
  })

  it('has one key and one fingerprint, however the key is written', () => {
    const spki = fromHex(meter.publicKey)
    const base64 = Buffer.from(spki).toString('base64')
    const key = readMeterKey(meter.publicKey, undefined, crypto)
    expect(key).toBeDefined()
    if (key === undefined) return
    expect(spkiOf(key)).toEqual(spki)
    const point = Buffer.from(key.point)
    const half = (point.length - 1) / 2
    const isOdd = ((point.at(-1) ?? 0) & 1) === 1
    const compressed = Buffer.concat([Buffer.of(isOdd ? 3 : 2), point.subarray(1, 1 + half)])
    const forms = [
      meter.publicKey.toUpperCase(),
      base64,
      base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
      `oca:base16:asn1:${meter.publicKey}`,
      `oca:base64:asn1:${base64}`,
      Buffer.from(`oca:base16:asn1:${meter.publicKey}`).toString('base64'),
      Buffer.from(meter.publicKey).toString('base64'),
      `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`,
      point.toString('hex'),
      point.subarray(1).toString('hex'),
      compressed.toString('hex'),
      Buffer.from(spkiOf({ curve, point: compressed })).toString('hex'),
    ]
    for (const form of forms) {
      const read = readMeterKey(form, curve, crypto)
      expect(read === undefined ? form : meterKeyHash(read)).toBe(meterKeyHash(key))
      expect(faultOf(data, form)).toBeUndefined()
    }
  })
})

describe('a record', () => {
  const meter = meterOn('secp256r1')
  const data = meter.record(1, readings)
  const key = readMeterKey(meter.publicKey, undefined, crypto)
  const keyHash = key === undefined ? undefined : meterKeyHash(key)

  it('is vouched for when the certificate names its key', () => {
    const examined = examineRecord({ data, publicKey: meter.publicKey }, { ...bare, keyHash })
    expect(examined).toMatchObject({ isVouched: true, fault: undefined })
  })

  it('is not believed under a key that the certificate does not name, however well it is signed', () => {
    const stranger = freshMeter('secp256r1')
    const examined = faultOf(stranger.record(1, readings), stranger.publicKey, { ...bare, keyHash })
    expect(examined).toBe('key-other')
  })

  it('is verified with a key that came before, and says so when none did', () => {
    expect(faultOf(data, undefined, { ...bare, knownKey: meter.publicKey })).toBeUndefined()
    expect(faultOf(data, '', bare)).toBe('key-missing')
    expect(faultOf(data, 'no key at all')).toBe('key-unreadable')
    expect(faultOf(data, 'ab'.repeat(600))).toBe('key-unreadable')
  })

  it.each([
    [
      'base64',
      (text: string) => ({ data: Buffer.from(text).toString('base64'), publicKey: meter.publicKey }),
    ],
    [
      'the JSON of OCPP 1.6',
      (text: string) => ({
        data: JSON.stringify({
          signedMeterData: Buffer.from(text).toString('base64'),
          signingMethod: '',
          encodingMethod: 'OCMF',
          publicKey: meter.publicKey,
        }),
        publicKey: undefined,
      }),
    ],
  ])('comes out of %s byte for byte', (_name, wrap) => {
    const examined = examineRecord(wrap(data), bare)
    expect(examined.fault).toBeUndefined()
    expect(examined.record).toEqual(utf8(data))
  })

  it('is signed over the bytes between the pipes, spaces and order included', () => {
    const spaced = meter.sign(
      '{ "PG": "T1", "MS":"X", "RD":[{"TM":"2026-10-26T08:00:00,000+0100 S","TX":"B","RV":1.50,"RU":"kWh","ST":"G"}] }',
    )
    expect(faultOf(spaced, meter.publicKey)).toBeUndefined()
    expect(faultOf(spaced.replace('{ "PG"', '{"PG"'), meter.publicKey)).toBe('signature')
  })

  it('takes a signature in base64 when it says so', () => {
    const [, payload = '', signature = ''] = data.split('|')
    const { SD } = JSON.parse(signature) as { SD: string }
    const inBase64 = JSON.stringify({
      SA: 'ECDSA-secp256r1-SHA256',
      SE: 'base64',
      SM: 'application/x-der',
      SD: Buffer.from(SD, 'hex').toString('base64'),
    })
    expect(faultOf(`OCMF|${payload}|${inBase64}`, meter.publicKey)).toBeUndefined()
  })

  it('never verifies after one character of what was signed was changed', () => {
    const payloadLength = (data.split('|')[1] ?? '').length
    fc.assert(
      fc.property(fc.nat(payloadLength - 1), fc.integer({ min: 32, max: 126 }), (offset, code) => {
        const at = 'OCMF|'.length + offset
        const changed = data.slice(0, at) + String.fromCharCode(code) + data.slice(at + 1)
        return changed === data || faultOf(changed, meter.publicKey) !== undefined
      }),
      { numRuns: 150 },
    )
  })

  it('never throws, whatever a charger sends', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (text, publicKey) => {
        expect(faultOf(text, publicKey)).toBeDefined()
        expect(faultOf(`OCMF|${text}`, publicKey)).toBeDefined()
        expect(faultOf(`{${text}`, publicKey)).toBeDefined()
      }),
      { numRuns: 100 },
    )
    expect(faultOf('OCMF|'.padEnd(100_000, 'x'), meter.publicKey)).toBe('too-large')
    expect(faultOf(Buffer.from('OCMF|'.padEnd(6_000, 'x')).toString('base64'), undefined)).toBe('too-large')
  })
})

describe('the hash of records', () => {
  it('is that of the record alone, or of the lines of several', () => {
    const [one, two] = [utf8('OCMF|1|1'), utf8('OCMF|2|2')]
    expect(recordsHash([one])).not.toBe(recordsHash([two]))
    expect(recordsHash([one, two])).toBe(recordsHash([utf8('OCMF|1|1\nOCMF|2|2')]))
  })
})
