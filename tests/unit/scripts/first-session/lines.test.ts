import { expect, test } from 'vitest'
import type { SessionFigures } from '@/scripts/first-session/figures'
import { sessionLines } from '@/scripts/first-session/lines'

const figures: SessionFigures = {
  codes: [{ name: 'offer', bytes: 306, qrVersion: 11 }],
  grantBytes: 193,
  currency: 'EUR',
  heldMinor: 1_000,
  energyWh: 18_400,
  durationS: 1_440,
  totalMinor: 902,
  releasedMinor: 98,
  tamperedRefusal: { code: 'wallet.signature' },
  settledByPhoneMinor: 902,
  settledByBothMinor: 902,
  imbalanceMinor: 0,
  transfers: 5,
  elapsedMs: 2_000,
}

test('bytes, money, refusal and the state of the ledger can be read off', () => {
  const text = sessionLines(figures).join('\n')
  expect(text).toContain('306 bytes, QR version 11')
  expect(text).toContain('€9.02 of €10.00 held; €0.98 released')
  expect(text).toContain('Nothing was charged. (W-40)')
  expect(text).toContain('imbalance €0.00')
})
