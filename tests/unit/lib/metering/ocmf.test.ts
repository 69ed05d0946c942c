import { describe, expect, it } from 'vitest'
import { parseOcmf } from '@/lib/metering/ocmf'

const reading = {
  TM: '2018-07-24T13:22:04,000+0200 S',
  TX: 'B',
  RV: 2935.6,
  RI: '1-b:1.8.0',
  RU: 'kWh',
  RT: 'AC',
  EF: '',
  ST: 'G',
}
const payload = {
  FV: '1.0',
  GI: 'ABL SBC-301',
  GS: '808829900001',
  PG: 'T12345',
  MV: 'Phoenix Contact',
  MM: 'EEM-350-D-MCB',
  MS: 'BQ27400330016',
  IS: true,
  IF: ['RFID_PLAIN', 'OCPP_RS_TLS'],
  IT: 'ISO14443',
  ID: '1F2D3A4F5506C7',
  CT: 'EVSEID',
  CI: 'DE*ABC*E1',
  RD: [reading],
}
const signature = { SD: '3006020101020101' }
const record = (changes: object = {}, signed: object = signature): string =>
  `OCMF|${JSON.stringify({ ...payload, ...changes })}|${JSON.stringify(signed)}`
const fault = (text: string): string => {
  const parsed = parseOcmf(text)
  return parsed.ok ? 'none' : parsed.error.fault
}
const withReading = (changes: object): string => record({ RD: [{ ...reading, ...changes }] })

describe('an OCMF record', () => {
  it('is read with its meter, page, identification and readings', () => {
    const parsed = parseOcmf(record())
    expect(parsed.ok && parsed.value).toMatchObject({
      formatVersion: '1.0',
      gatewaySerial: '808829900001',
      meterModel: 'EEM-350-D-MCB',
      meterSerial: 'BQ27400330016',
      pagination: { context: 'T', number: 12_345 },
      identification: { isAssigned: true, flags: ['RFID_PLAIN', 'OCPP_RS_TLS'], id: '1F2D3A4F5506C7' },
      chargePoint: { type: 'EVSEID', id: 'DE*ABC*E1' },
      signature: { curve: 'secp256r1' },
      readings: [
        {
          atS: 1_532_431_324,
          clock: 'S',
          reason: 'B',
          energy: { milliWh: 2_935_600_000n, stepMilliWh: 100_000n },
          register: '1-b:1.8.0',
          state: 'G',
        },
      ],
    })
  })

  it.each([
    ['0.1', 'kWh', 100_000n],
    ['0.000001', 'kWh', 1n],
    ['1234567.891', 'kWh', 1_234_567_891_000n],
    ['12345.678', 'Wh', 12_345_678n],
    ['7', 'Wh', 7_000n],
  ])('takes %s %s exactly', (digits, unit, milliWh) => {
    const text = withReading({ RV: 0, RU: unit }).replace('"RV":0', `"RV":${digits}`)
    const parsed = parseOcmf(text)
    expect(parsed.ok && parsed.value.readings[0]?.energy?.milliWh).toBe(milliWh)
  })

  it('leaves out energy where a reading has another unit, and takes what a later one does not repeat from before', () => {
    const { TM, RV, ST } = reading
    const parsed = parseOcmf(
      record({ RD: [reading, { TM, TX: 'E', RV, ST }, { TM, RV: 5, RU: 'mOhm', ST }] }),
    )
    const read = parsed.ok ? parsed.value.readings : []
    expect(read.map(({ register }) => register)).toEqual(['1-b:1.8.0', '1-b:1.8.0', '1-b:1.8.0'])
    expect(read.map(({ energy }) => energy?.milliWh)).toEqual([2_935_600_000n, 2_935_600_000n, undefined])
  })

  it.each([
    ['no record', 'hello', 'not-ocmf'],
    ['four sections', `${record()}|{}`, 'not-ocmf'],
    ['another header', record().replace('OCMF', 'ocmf'), 'not-ocmf'],
    ['two lines', record().replace('"FV"', '\n"FV"'), 'not-ocmf'],
    ['a list', 'OCMF|[]|{}', 'json'],
    ['a field twice', record().replace('"IS":true', '"IS":true,"IS":false'), 'json'],
    ['no meter', record({ MS: undefined }), 'field'],
    ['a page without a number', record({ PG: 'T' }), 'field'],
    ['a page of another kind', record({ PG: 'X1' }), 'field'],
    ['no readings', record({ RD: [] }), 'field'],
    ['too many readings', record({ RD: Array.from({ length: 65 }, () => ({})) }), 'field'],
    ['a text that is a number', record({ GI: 5 }), 'field'],
    ['a flag that is none', record({ IF: [1] }), 'field'],
    ['a negative register', withReading({ RV: -1 }), 'field'],
    ['a register in words', withReading({ RV: '1' }), 'field'],
    ['an exponent', withReading({ RV: 1 }).replace('"RV":1', '"RV":1e3'), 'field'],
    ['finer than a thousandth', withReading({ RV: 0.1234567 }), 'field'],
    ['a time without its clock', withReading({ TM: '2018-07-24T13:22:04,000+0200' }), 'field'],
    ['the 30th of February', withReading({ TM: '2018-02-30T13:22:04,000+0200 S' }), 'field'],
    ['an unknown reason', withReading({ TX: 'Q' }), 'field'],
    ['an unknown state', withReading({ ST: 'Q' }), 'field'],
    ['unknown errors', withReading({ EF: 'x' }), 'field'],
    ['another algorithm', record({}, { SA: 'ECDSA-secp521r1-SHA512', SD: '00' }), 'algorithm'],
    ['RSA', record({}, { SA: 'RSA', SD: '00' }), 'algorithm'],
    ['no signature', record({}, {}), 'field'],
    ['a signature in words', record({}, { SD: 'zz' }), 'field'],
    ['another encoding', record({}, { SE: 'octal', SD: '00' }), 'field'],
    ['another form of signature', record({}, { SM: 'text/plain', SD: '00' }), 'field'],
    ['more than any record has', record({ GI: 'x'.repeat(5_000) }), 'too-large'],
  ])('with %s is refused', (_name, text, expected) => {
    expect(fault(text)).toBe(expected)
  })
})
