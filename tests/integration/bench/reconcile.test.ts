import { expect, test } from 'vitest'
import { measureReconcile, wholeSize } from '@/tests/bench/reconcile'

test('two thousand sessions become money by one worker and by two, and the books of each run are proved', async () => {
  // The bench itself fails unless every session is settled and the ledger adds up; the figures depend on the machine.
  const figures = await measureReconcile([wholeSize(2_000)], wholeSize(400))
  expect(Object.keys(figures)).toEqual([
    ...[
      'oneWorker',
      'twoWorkers',
      'verifyCeiling',
      'postCeiling',
      'ceilingRatio',
      'processorUs',
      'perSessionUs',
      'peakRssMb',
    ],
  ])
  expect(Object.keys(figures.perSessionUs)).toEqual(['2000'])
  expect(figures.twoWorkers.sessionsPerSecond).toBeGreaterThan(0)
  // A session cannot cost less than the verification of its one signature, nor nothing in the database.
  expect(figures.processorUs.twoWorkers.workers).toBeGreaterThan(figures.processorUs.verify)
  if (process.platform === 'linux') expect(figures.processorUs.twoWorkers.database).toBeGreaterThan(0)
  // Browsers are tested beside it, and two cores have to do for both.
}, 300_000)
