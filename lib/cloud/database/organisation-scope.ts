/**
 * Which organisation a piece of work acts for. Every transaction in it names the organisation to the database, whose
 * row-level security then hides the rows of all others: a query that forgets whose rows it wants gets nothing.
 */

import { AsyncLocalStorage } from 'node:async_hooks'

const acting = new AsyncLocalStorage<string>()

export const withinOrganisation = <T>(organisationId: string, work: () => Promise<T>): Promise<T> =>
  acting.run(organisationId, work)

export const actingOrganisation = (): string | undefined => acting.getStore()
