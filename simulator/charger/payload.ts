/** Reading what came over the wire without believing its shape. */

import type { Payload } from './state'

export const asPayload = (value: unknown): Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {}

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
