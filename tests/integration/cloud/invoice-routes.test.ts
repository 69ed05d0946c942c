/** Invoices as the console and a terminal get them: files by the API, and months that are over by a command. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { environmentNames } from '@/lib/cloud/config'
import { invoices as atTerminal } from '../../../scripts/invoices/main'
import { callRoute, openRunningCloud, type Running } from './console-browser'
import { fillFleet, type FilledFleet } from './filled-fleet'

const selling = {
  [environmentNames.sellerName]: 'Highland Charging',
  [environmentNames.sellerAddress]: 'Station Road 1; KY13 8XX Kinross',
  [environmentNames.sellerTaxId]: 'GB 123 4567 89',
}

let running: Running
let fleet: FilledFleet
let invoiceNumber: string

beforeAll(async () => {
  running = await openRunningCloud(selling)
  fleet = await fillFleet(running.cloud, 'inv1')
  const answer = await get('/fleet/invoices')
  invoiceNumber = ((await answer.json()) as { invoices: { invoiceNumber: string }[] }).invoices[0]!
    .invoiceNumber
})
afterAll(async () => {
  for (const name of Object.keys(selling)) Reflect.deleteProperty(process.env, name)
  await running.close()
})

const get = (path: string, params: Record<string, string> = {}) =>
  callRoute(path, { method: 'GET', params, headers: { cookie: fleet.managerCookie } })

test('a manager lists invoices and reads one, which adds up', async () => {
  expect(await (await get('/fleet/invoices')).json()).toMatchObject({ waitsFor: null, next: null })
  const one = (await (await get('/fleet/invoices/{invoiceNumber}', { invoiceNumber })).json()) as {
    grossMinor: number
    sites: { netMinor: number; taxMinor: number }[]
    rates: { rateBasisPoints: number }[]
  }
  expect(one).toMatchObject({ invoiceNumber, seller: { name: 'Highland Charging' }, corrections: [] })
  expect(one.rates).toMatchObject([{ rateBasisPoints: 1_900 }])
  expect(one.sites.reduce((sum, { netMinor, taxMinor }) => sum + netMinor + taxMinor, 0)).toBe(one.grossMinor)
  expect(one.grossMinor).toBeGreaterThan(0)
})

test('the PDF is a file with the invoice’s name, and so is the table of its sessions', async () => {
  const pdf = await get('/fleet/invoices/{invoiceNumber}/pdf', { invoiceNumber })
  expect(pdf.headers.get('content-type')).toBe('application/pdf')
  expect(pdf.headers.get('content-disposition')).toBe(`attachment; filename="invoice-${invoiceNumber}.pdf"`)
  expect((await pdf.text()).slice(0, 8)).toBe('%PDF-1.4')
  const csv = await callRoute('/fleet/invoices/{invoiceNumber}/sessions', {
    ...{ params: { invoiceNumber }, body: { locale: 'de' }, headers: { cookie: fleet.cookie } },
  })
  expect(csv.headers.get('content-type')).toContain('text/csv')
  const [head, row] = (await csv.text()).split('\r\n')
  expect(head).toContain('Ladevorgang;Art;Beginn (UTC)')
  expect(row).toMatch(/^[0-9a-f]{32};Ladevorgang;/)
})

test('only an owner addresses invoices, and a VAT id is read in any case', async () => {
  const body = {
    ...{ name: 'Glen Haulage', street: 'Depot Road 4', postalCode: 'KY13', city: 'Kinross' },
    ...{ country: 'Scotland', vatId: ' gb999999973 ', orderReference: null, locale: 'de' },
  }
  const set = (cookie: string, change: object = {}) =>
    callRoute('/fleet/billing-address', { headers: { cookie }, body: { ...body, ...change } })
  expect((await set(fleet.managerCookie)).status).toBe(403)
  expect((await set(fleet.cookie, { vatId: '<b>' })).status).toBe(400)
  expect((await set(fleet.cookie, { city: ' ' })).status).toBe(400)
  expect((await set(fleet.cookie)).status).toBe(200)
  const kept = (await (await get('/fleet/billing-address')).json()) as { address: object }
  expect(kept.address).toEqual({ ...body, vatId: 'GB999999973' })
})

test('the terminal makes what is over, says who has no address, and refuses the present month', async () => {
  const said: string[] = []
  const listen = (text: unknown): boolean => said.push(String(text)) > 0
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(listen),
    vi.spyOn(process.stderr, 'write').mockImplementation(listen),
  ]
  const environment = { ...selling, [environmentNames.databaseUrl]: running.database.url }
  const run = (...words: string[]): Promise<number> => atTerminal(words, environment)
  try {
    expect(await run('make', '2024-03')).toBe(0)
    expect(await run('make', '2099-01')).toBe(2)
    expect(await run('make', 'march')).toBe(1)
    expect(await run('open')).toBe(0)
    expect(
      await atTerminal(['make', '2024-03'], { [environmentNames.databaseUrl]: running.database.url }),
    ).toBe(2)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  expect(said[0]).toBe('0 made.\n')
  expect(said.join('')).toContain('2099-01 is not over')
  expect(said.join('')).toContain(`No invoice was made: ${environmentNames.sellerName}`)
})
