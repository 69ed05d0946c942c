/** Drivers and vehicles of a fleet: lists, changes, and imports of whole files with preview and undo. */

import { z } from 'zod'
import { rosterLimits } from '../drivers/roster-kinds'
import { operation } from './operation'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{C}]+$/u)
const timeS = z.int().describe('Seconds since 1970, UTC.')
const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,64}$/)
  .describe('The same key does it once.')
const kind = z.enum(['drivers', 'vehicles'])

const driverOrder = {
  name: line(rosterLimits.nameCharsMax),
  reference: line(rosterLimits.referenceCharsMax)
    .optional()
    .describe('Of the fleet’s own books. One driver each.'),
  email: z.email().max(rosterLimits.emailCharsMax).optional().describe('Nothing is sent to it.'),
}
const vehicleOrder = {
  plate: line(rosterLimits.plateCharsMax).describe('One vehicle each, however it is spaced.'),
  name: line(rosterLimits.nameCharsMax).optional(),
  class: z.int().min(0).max(rosterLimits.classMost).describe('Of the operator’s policy.'),
}

const spending = {
  removedAtS: timeS.nullable(),
  tokens: z.int().describe('That may still be spent.'),
  spentMonthMinor: z.int().describe('Spent and held in this calendar month (UTC).'),
}
const driver = z.strictObject({
  driverId: z.string(),
  name: z.string(),
  reference: z.string().nullable(),
  email: z.string().nullable(),
  ...spending,
})
const vehicle = z.strictObject({
  vehicleId: z.string(),
  plate: z.string(),
  name: z.string().nullable(),
  class: z.int(),
  ...spending,
})

const query = z.strictObject({
  state: z.enum(['active', 'removed']).optional(),
  search: z.string().trim().max(60).optional().describe('Part of what stands in a row.'),
  cursor: z.string().max(400).optional().describe('`next` of the page before; absent for the first.'),
})
const page = { next: z.string().nullable(), total: z.int().describe('Of all pages.') }
const removed = z.strictObject({
  tokens: z.int().describe('That can still be spent: removing withdraws none.'),
})
const done = z.strictObject({})

export const listDrivers = operation({
  id: 'listDrivers',
  method: 'GET',
  path: '/fleet/drivers',
  act: 'driver.read',
  summary: 'The fleet’s drivers by name, fifty at a time.',
  query,
  answer: z.strictObject({ drivers: z.array(driver).readonly(), ...page }),
})

export const addDriver = operation({
  id: 'addDriver',
  method: 'POST',
  path: '/fleet/drivers',
  act: 'driver.change',
  summary: 'Adds a driver.',
  body: z.strictObject({ ...driverOrder, idempotencyKey }),
  answer: z.strictObject({ driverId: id }),
})

const driverId = z.strictObject({ driverId: id })

export const readDriver = operation({
  id: 'readDriver',
  method: 'GET',
  path: '/fleet/drivers/{driverId}',
  act: 'driver.read',
  summary: 'One driver.',
  params: driverId,
  answer: driver,
})

export const changeDriver = operation({
  id: 'changeDriver',
  method: 'POST',
  path: '/fleet/drivers/{driverId}',
  act: 'driver.change',
  summary: 'Replaces what stands about a driver.',
  params: driverId,
  body: z.strictObject(driverOrder),
  answer: done,
})

export const removeDriver = operation({
  id: 'removeDriver',
  method: 'POST',
  path: '/fleet/drivers/{driverId}/remove',
  act: 'driver.change',
  summary: 'Takes a driver from the list. Tokens stay until they are withdrawn.',
  params: driverId,
  answer: removed,
})

export const restoreDriver = operation({
  id: 'restoreDriver',
  method: 'POST',
  path: '/fleet/drivers/{driverId}/restore',
  act: 'driver.change',
  summary: 'Brings a removed driver back.',
  params: driverId,
  answer: done,
})

export const listVehicles = operation({
  id: 'listVehicles',
  method: 'GET',
  path: '/fleet/vehicles',
  act: 'driver.read',
  summary: 'The fleet’s vehicles by plate, fifty at a time.',
  query,
  answer: z.strictObject({ vehicles: z.array(vehicle).readonly(), ...page }),
})

export const addVehicle = operation({
  id: 'addVehicle',
  method: 'POST',
  path: '/fleet/vehicles',
  act: 'driver.change',
  summary: 'Adds a vehicle.',
  body: z.strictObject({ ...vehicleOrder, idempotencyKey }),
  answer: z.strictObject({ vehicleId: id }),
})

const vehicleId = z.strictObject({ vehicleId: id })

export const readVehicle = operation({
  id: 'readVehicle',
  method: 'GET',
  path: '/fleet/vehicles/{vehicleId}',
  act: 'driver.read',
  summary: 'One vehicle.',
  params: vehicleId,
  answer: vehicle,
})

export const changeVehicle = operation({
  id: 'changeVehicle',
  method: 'POST',
  path: '/fleet/vehicles/{vehicleId}',
  act: 'driver.change',
  summary: 'Replaces what stands about a vehicle.',
  params: vehicleId,
  body: z.strictObject(vehicleOrder),
  answer: done,
})

export const removeVehicle = operation({
  id: 'removeVehicle',
  method: 'POST',
  path: '/fleet/vehicles/{vehicleId}/remove',
  act: 'driver.change',
  summary: 'Takes a vehicle from the list. Tokens stay until they are withdrawn.',
  params: vehicleId,
  answer: removed,
})

export const restoreVehicle = operation({
  id: 'restoreVehicle',
  method: 'POST',
  path: '/fleet/vehicles/{vehicleId}/restore',
  act: 'driver.change',
  summary: 'Brings a removed vehicle back.',
  params: vehicleId,
  answer: done,
})

const counts = z.strictObject({ add: z.int(), change: z.int(), same: z.int(), refused: z.int() })
const csv = z
  .string()
  .min(1)
  .max(rosterLimits.importBytesMax)
  .describe(
    'RFC 4180 with commas or semicolons. Its head names the columns: name, reference, email; or plate, name, class.',
  )

export const previewImport = operation({
  id: 'previewImport',
  method: 'POST',
  path: '/fleet/imports/preview',
  act: 'driver.change',
  summary: 'What an import would do. Nothing is written.',
  bodyBytesMax: rosterLimits.requestBytesMax,
  body: z.strictObject({ kind, csv }),
  answer: z.strictObject({
    counts,
    rows: z
      .array(
        z.strictObject({
          line: z.int(),
          action: z.enum(['add', 'change', 'same']),
          name: z.string().nullable(),
          reference: z.string().nullable().optional(),
          email: z.string().nullable().optional(),
          plate: z.string().optional(),
          class: z.int().optional(),
        }),
      )
      .readonly()
      .describe('The first good ones.'),
    refused: z
      .array(z.strictObject({ line: z.int(), column: z.string(), code: z.string(), value: z.string() }))
      .readonly()
      .describe('The first thousand, each by its first fault.'),
  }),
})

export const takeImport = operation({
  id: 'takeImport',
  method: 'POST',
  path: '/fleet/imports',
  act: 'driver.change',
  summary:
    'Takes the good rows of a file, all at once. A known reference or plate changes its row; nobody is removed.',
  bodyBytesMax: rosterLimits.requestBytesMax,
  body: z.strictObject({ kind, csv, idempotencyKey }),
  answer: z.strictObject({ importId: id, counts }),
})

export const listImports = operation({
  id: 'listImports',
  method: 'GET',
  path: '/fleet/imports',
  act: 'driver.read',
  summary: 'The last twenty imports, newest first.',
  answer: z.strictObject({
    imports: z
      .array(z.strictObject({ importId: id, kind, atS: timeS, counts, undoneAtS: timeS.nullable() }))
      .readonly(),
  }),
})

const importId = z.strictObject({ importId: id })

export const saveRefusedRows = operation({
  id: 'saveRefusedRows',
  method: 'GET',
  path: '/fleet/imports/{importId}/refused',
  act: 'driver.read',
  summary: 'The refused rows of an import as CSV, to mend and send again. The answer is the file.',
  params: importId,
  answer: z.string(),
})

export const undoImport = operation({
  id: 'undoImport',
  method: 'POST',
  path: '/fleet/imports/{importId}/undo',
  act: 'driver.change',
  summary: 'Takes back what an import did. Rows that were changed since, or that tokens name, stay.',
  params: importId,
  answer: z.strictObject({ takenBack: z.int(), kept: z.int() }),
})
