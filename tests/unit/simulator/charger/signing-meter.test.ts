import { expect, test } from 'vitest'
import { epochSeconds } from '@/lib/core/units'
import { nodeMeterCrypto } from '@/lib/crypto/node-meter'
import { deliveryOf } from '@/lib/metering/delivery'
import { examineRecord } from '@/lib/metering/meter-record'
import { readSamples } from '@/charger-kiosk/ocpp/meter-sample'
import { readMeterValues } from '@/charger-kiosk/ocpp/v201/meter-values'
import { readOptions } from '@/simulator/charger/options'
import { samplesIn201 } from '@/simulator/charger/samples-201'
import { meterWithKey } from '@/simulator/charger/signing-meter'
import { initialState } from '@/simulator/charger/state'
import { startTransaction, stopTransaction } from '@/simulator/charger/transactions'

const meter = meterWithKey('11'.repeat(32), '1OUTCP-1')
const at = (second: number) => ({ monotonicMs: second * 1_000, wallS: 1_793_000_000 + second })
const frame = { receivedAtS: epochSeconds(1_793_000_700), clockFloorS: epochSeconds(1_704_067_200) }

/** What a whole transaction of a charger with that meter sends at its end. */
function transactionData(): readonly unknown[] {
  const idle = initialState({ meter, meterStartWh: 5_000 }, at(0))
  const plugged = startTransaction(idle, 1, 'ab'.repeat(10), at(0))
  const charged = {
    ...plugged,
    connectors: plugged.connectors.map((one) => ({
      ...one,
      meterMilliJ: one.meterMilliJ + 2_500 * 3_600_000,
    })),
  }
  const { outbox } = stopTransaction(charged, 1, 'Local', at(600))
  return outbox.at(-1)?.payload['transactionData'] as readonly unknown[]
}

test.each([
  ['1.6', () => readSamples(transactionData(), frame)],
  ['2.0.1', () => readMeterValues({ meterValue: transactionData().map(samplesIn201) }, frame)],
])(
  'a transaction’s signed record comes through OCPP %s and says what the registers say',
  (_version, read) => {
    const { samples, problems } = read()
    expect(problems).toEqual([])
    expect(samples.map(({ registerWh }) => registerWh)).toEqual([5_000, 7_500])
    const [value] = samples.flatMap(({ signedData }) => signedData)
    if (value === undefined) throw new Error('Nothing is signed')
    const { fault, ocmf } = examineRecord(value, {
      crypto: nodeMeterCrypto,
      keyHash: undefined,
      knownKey: undefined,
    })
    expect(fault).toBeUndefined()
    const delivery = deliveryOf(ocmf === undefined ? [] : [ocmf])
    expect(delivery).toMatchObject({ ok: true, value: { energyWh: 2_500, meterSerial: '1OUTCP-1' } })
  },
)

test('the process takes the meter’s key, and refuses what is none', () => {
  const taken = readOptions(['--meter-key', '11'.repeat(32)], {})
  expect(taken.ok && taken.value.meter?.publicKey).toBe(meter.publicKey)
  expect(readOptions([], {})).toMatchObject({ ok: true, value: { meter: undefined } })
  for (const key of ['00'.repeat(32), 'ff'.repeat(32), '11']) {
    expect(readOptions(['--meter-key', key], {}).ok).toBe(false)
  }
})
