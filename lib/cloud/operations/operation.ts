/**
 * What one request of the consoles' API takes and gives, and who may make it. Routes, the OpenAPI document and the tests of
 * rights all read these descriptions; nothing about a request is said twice.
 */

import { z } from 'zod'
import type { Act } from '../organisations/roles'

type Shape = z.ZodObject

export interface Operation<
  Params extends Shape = Shape,
  Query extends Shape = Shape,
  Body extends Shape = Shape,
  Answer extends z.ZodType = z.ZodType,
> {
  /** The name by which programs call it. */
  readonly id: string
  readonly method: 'GET' | 'POST'
  /** Below `/api/v1`, with parameters in braces. */
  readonly path: string
  /** `signed-in`: any person, for what belongs to no organisation yet. */
  readonly act: Act | 'signed-in'
  readonly summary: string
  /** Who may act for the organisation changes: the person shows a passkey within the last quarter of an hour; no key may. */
  readonly asksProof?: true
  /** Looks over all fleets of the tenant: for the operator's own people alone, whatever a role of a fleet may be called. */
  readonly overFleets?: true
  /** For whole files in a field; otherwise `requestBytesMax` of lib/core/limits.ts. */
  readonly bodyBytesMax?: number
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly answer: Answer
}

const nothing = z.strictObject({})
type Nothing = typeof nothing

type Described<P extends Shape, Q extends Shape, B extends Shape, A extends z.ZodType> = Pick<
  Operation<P, Q, B, A>,
  'id' | 'method' | 'path' | 'act' | 'summary' | 'asksProof' | 'overFleets' | 'bodyBytesMax' | 'answer'
> & { readonly params?: P; readonly query?: Q; readonly body?: B }

/** What is not named takes nothing, and anything that is sent there is refused. */
export const operation = <
  A extends z.ZodType,
  P extends Shape = Nothing,
  Q extends Shape = Nothing,
  B extends Shape = Nothing,
>(
  described: Described<P, Q, B, A>,
): Operation<P, Q, B, A> => ({
  params: nothing as unknown as P,
  query: nothing as unknown as Q,
  body: nothing as unknown as B,
  ...described,
})

export type AnswerOf<T extends Operation> = z.output<T['answer']>
