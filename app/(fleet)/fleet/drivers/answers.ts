/** What the API answers about drivers, vehicles and imports. */

import type { AnswerOf } from '@/lib/cloud/operations/operation'
import type {
  listDrivers,
  listImports,
  listVehicles,
  previewImport,
  readDriver,
  readVehicle,
  removeDriver,
  takeImport,
  undoImport,
} from '@/lib/cloud/operations/drivers'

export type DriversAnswer = AnswerOf<typeof listDrivers>
export type VehiclesAnswer = AnswerOf<typeof listVehicles>
export type DriverAnswer = AnswerOf<typeof readDriver>
export type VehicleAnswer = AnswerOf<typeof readVehicle>
export type RemovedAnswer = AnswerOf<typeof removeDriver>
export type PreviewAnswer = AnswerOf<typeof previewImport>
export type TakenAnswer = AnswerOf<typeof takeImport>
export type ImportsAnswer = AnswerOf<typeof listImports>
export type UndoneAnswer = AnswerOf<typeof undoImport>
