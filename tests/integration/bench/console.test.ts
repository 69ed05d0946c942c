import { expect, test } from 'vitest'
import { measureConsole } from '@/tests/bench/console/measure-console'

test('five thousand sessions of fifty drivers are listed, added up and written out, and their books are proved', async () => {
  // The bench itself fails unless the ledger adds up, days and months foot to the rows, and every row is exported.
  const figures = await measureConsole({ drivers: 50, sessions: 5_000 })
  expect(Object.keys(figures)).toEqual([
    ...['drivers', 'sessions', 'listMsP95', 'dashboardMsP95', 'exportRowsPerSecond', 'exportRssMb'],
  ])
  for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0)
  expect(figures).toMatchObject({ drivers: 50, sessions: 5_000 })
})
