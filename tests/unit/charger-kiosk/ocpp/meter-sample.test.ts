import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { readSamples } from '@/charger-kiosk/ocpp/meter-sample'

const frame = { receivedAtS: epochSeconds(1_767_268_800), clockFloorS: epochSeconds(1_704_067_200) }
const timestamp = '2026-01-01T11:59:00Z'

const read = (...sampledValue: unknown[]) => readSamples([{ timestamp, sampledValue }], frame)

test('A value without any label is the energy register in watt-hours', () => {
  const { samples, problems } = read({ value: '1234' })
  expect(samples).toMatchObject([{ registerWh: 1_234, context: 'Sample.Periodic', powerW: undefined }])
  expect(problems).toEqual([])
})

test('Kilowatt-hours and kilowatts become whole watt-hours and watts', () => {
  const { samples } = read(
    { value: '12.3456', unit: 'kWh', measurand: 'Energy.Active.Import.Register' },
    { value: '49.9995', unit: 'kW', measurand: 'Power.Active.Import' },
  )
  expect(samples).toMatchObject([{ registerWh: 12_346, powerW: 50_000 }])
})

test('The value without phase wins over its phases; without it the phases add up', () => {
  const phases = ['L1', 'L2', 'L3'].map((phase) => ({
    value: '100',
    measurand: 'Power.Active.Import',
    phase,
  }))
  expect(read(...phases).samples[0]?.powerW).toBe(300)
  expect(read(...phases, { value: '310', measurand: 'Power.Active.Import' }).samples[0]?.powerW).toBe(310)
  const between = { value: '400', measurand: 'Power.Active.Import', phase: 'L1-L2' }
  expect(read(...phases, between).samples[0]?.powerW).toBe(300)
})

test('Only what passes the outlet counts', () => {
  const { samples } = read({ value: '900', location: 'Inlet' }, { value: '800', location: 'Outlet' })
  expect(samples[0]?.registerWh).toBe(800)
})

test.each([
  ['31.5', 'Celsius', 315],
  ['31.5', 'Celcius', 315],
  ['-4', undefined, -40],
  ['304.65', 'K', 315],
  ['88.7', 'Fahrenheit', 315],
])('A temperature of %s %s is in tenths of a degree Celsius', (value, unit, expected) => {
  const { samples } = read({ value, measurand: 'Temperature', ...(unit === undefined ? {} : { unit }) })
  expect(samples[0]?.temperatureDeciC).toBe(expected)
})

test('Of several temperatures the hottest counts', () => {
  const { samples } = read(
    { value: '20', measurand: 'Temperature', location: 'Body' },
    { value: '71', measurand: 'Temperature', location: 'Cable' },
  )
  expect(samples[0]?.temperatureDeciC).toBe(710)
})

test('First and last reading under one timestamp are two samples', () => {
  const { samples } = read(
    { value: '10', context: 'Transaction.Begin' },
    { value: '25', context: 'Transaction.End' },
  )
  expect(samples.map(({ context, registerWh }) => [context, registerWh])).toEqual([
    ['Transaction.Begin', 10],
    ['Transaction.End', 25],
  ])
})

test('A signed record is kept byte for byte and never read as a figure', () => {
  const record = 'OCMF|{"FV":"1.0" , "RD":[]}|{"SD":"00"}'
  const { samples, problems } = read({ value: record, format: 'SignedData' }, { value: '5' })
  expect(samples[0]).toMatchObject({ registerWh: 5, signedData: [{ data: record, publicKey: undefined }] })
  expect(problems).toEqual([])
})

test.each([
  [{ value: 'NaN' }],
  [{ value: '-1' }],
  [{ value: '1e9' }],
  [{ value: '5', unit: 'bananas' }],
  [{ value: null }],
  [{}],
])('An unreadable register %j is a problem and not a figure', (value) => {
  const { samples, problems } = read(value)
  expect(samples[0]?.registerWh).toBeUndefined()
  expect(problems).toHaveLength(1)
})

test('The noise of a resting meter is no power', () => {
  expect(read({ value: '-3', measurand: 'Power.Active.Import' }).samples[0]?.powerW).toBe(0)
})

test('Numbers instead of strings are read all the same', () => {
  expect(read({ value: 12.5, unit: 'kWh' }).samples[0]?.registerWh).toBe(12_500)
})

test('What is no list of readings gives none', () => {
  for (const junk of [[null], [7], ['x'], [{ timestamp, sampledValue: 'x' }], [[]]]) {
    expect(readSamples(junk, frame).samples).toEqual([])
  }
})

test('A state of charge outside 0 to 100 is a problem', () => {
  expect(read({ value: '64', measurand: 'SoC', unit: 'Percent' }).samples[0]?.stateOfChargePercent).toBe(64)
  expect(read({ value: '640', measurand: 'SoC', unit: 'Percent' }).problems).toHaveLength(1)
})
