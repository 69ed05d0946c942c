/** Invoices of a fleet: one a month, what it says, its PDF, the table of its sessions, and whom it is addressed to. */

import { z } from 'zod'
import { entryKinds } from '../invoices/invoice-document'
import { operation } from './operation'

const money = z.int().describe('Minor units of the invoice’s currency.')
const timeS = z.int().describe('Seconds since 1970, UTC.')
const month = z.string().regex(/^20\d\d-(?:0[1-9]|1[0-2])$/)
const invoiceNumber = z.string().regex(/^20\d\d-\d{6,12}$/)

const invoice = z.strictObject({
  invoiceNumber,
  month: month.describe('What was settled in it (UTC).'),
  issuedAtS: timeS,
  currency: z.string(),
  netMinor: money,
  taxMinor: money,
  grossMinor: money,
  sessions: z.int(),
  energyWh: z.int(),
})

export const listInvoices = operation({
  id: 'listInvoices',
  method: 'GET',
  path: '/fleet/invoices',
  act: 'invoice.read',
  summary: 'The fleet’s invoices, newest month first, a page at a time, and what the next one waits for.',
  query: z.strictObject({
    after: month.optional().describe('`next` of the page before; absent for the newest.'),
    limit: z.coerce.number().int().min(1).max(200).optional(),
  }),
  answer: z.strictObject({
    asOfS: timeS,
    invoices: z.array(invoice).readonly(),
    next: month.nullable(),
    waitsFor: z
      .enum(['seller', 'address'])
      .nullable()
      .describe(
        'seller: the operator has not said who sells. address: the fleet has not said to whom. Null: nothing.',
      ),
    nextMonth: month
      .nullable()
      .describe('The first month without an invoice; null before there is an address.'),
  }),
})

const line = {
  rateBasisPoints: z.int().describe('Tax in hundredths of a per cent of the net amount.'),
  sessions: z.int(),
  netMinor: money,
  taxMinor: money,
}

export const readInvoice = operation({
  id: 'readInvoice',
  method: 'GET',
  path: '/fleet/invoices/{invoiceNumber}',
  act: 'invoice.read',
  summary: 'One invoice with its lines. They add up to it, and never change.',
  params: z.strictObject({ invoiceNumber }),
  answer: z.strictObject({
    ...invoice.shape,
    seller: z.strictObject({
      name: z.string(),
      address: z.array(z.string()).readonly(),
      taxId: z.string(),
    }),
    buyer: z.strictObject({
      name: z.string(),
      address: z.array(z.string()).readonly(),
      vatId: z.string().nullable(),
      orderReference: z.string().nullable(),
    }),
    sites: z.array(z.strictObject({ ...line, site: z.string(), energyWh: z.int() })).readonly(),
    corrections: z.array(z.strictObject({ ...line, kind: z.enum(entryKinds) })).readonly(),
    rates: z.array(z.strictObject({ rateBasisPoints: z.int(), netMinor: money, taxMinor: money })).readonly(),
    goodwillMinor: money.describe('Given in the month; it stands beside the sum.'),
  }),
})

export const downloadInvoice = operation({
  id: 'downloadInvoice',
  method: 'GET',
  path: '/fleet/invoices/{invoiceNumber}/pdf',
  act: 'invoice.read',
  summary: 'The invoice as PDF, in the language of its address. The answer is the file.',
  params: z.strictObject({ invoiceNumber }),
  answer: z.string(),
})

export const exportInvoiceSessions = operation({
  id: 'exportInvoiceSessions',
  method: 'POST',
  path: '/fleet/invoices/{invoiceNumber}/sessions',
  act: 'session.export',
  summary:
    'What the invoice is made of, session by session, as CSV (RFC 4180, UTF-8). The answer is the file. It stands in the audit log.',
  params: z.strictObject({ invoiceNumber }),
  body: z.strictObject({ locale: z.enum(['en', 'de']).optional() }),
  answer: z.string(),
})

const text = (most: number) => z.string().trim().min(1).max(most)

const address = {
  name: text(120),
  street: text(120),
  postalCode: z.string().trim().max(16),
  city: text(80),
  country: text(60),
  vatId: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z0-9][A-Z0-9 .+*-]{3,19}$/)
    .nullable()
    .describe('The buyer’s VAT id, as it shall stand on the invoice.'),
  orderReference: text(60).nullable().describe('An order number that the buyer asks for.'),
  locale: z.enum(['en', 'de']).describe('The language of the invoices.'),
}

export const readBillingAddress = operation({
  id: 'readBillingAddress',
  method: 'GET',
  path: '/fleet/billing-address',
  act: 'invoice.read',
  summary: 'Whom the fleet’s next invoices are addressed to.',
  answer: z.strictObject({ address: z.strictObject(address).nullable() }),
})

export const setBillingAddress = operation({
  id: 'setBillingAddress',
  method: 'POST',
  path: '/fleet/billing-address',
  act: 'invoice.address',
  summary: 'Addresses the invoices that are not made yet. Those that are keep theirs.',
  body: z.strictObject(address),
  answer: z.strictObject({ address: z.strictObject(address) }),
})
