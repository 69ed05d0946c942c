import { expect, test } from 'vitest'
import { measureReconcile, wholeSize } from '@/tests/bench/reconcile'

test('two thousand sessions become money by one worker and by two, and the books of each run are proved', async () => {
  // The bench itself fails unless every session is settled and the ledger adds up; the figures depend on the machine.
  const figures = await measureReconcile([wholeSize(2_000)])
  expect(Object.keys(figures)).toEqual([
    ...[
      'oneWorker',
      'twoWorkers',
      'verifyCeiling',
      'postCeiling',
      'ceilingRatio',
      'perSessionUs',
      'peakRssMb',
    ],
  ])
  expect(Object.keys(figures.perSessionUs)).toEqual(['2000'])
  expect(figures.twoWorkers.sessionsPerSecond).toBeGreaterThan(0)
})
