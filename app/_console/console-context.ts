'use client'

/** Who looks, for which organisation, and what they may do: what every page of a console knows. */

import { createContext, use } from 'react'
import type { Act, OrganisationKind, Role } from '@/lib/cloud/organisations/roles'
import type { Refusal } from '@/lib/core/reason'
import type { Locale } from '@/lib/format/locale'

export interface ConsoleContext {
  readonly kind: OrganisationKind
  readonly organisationId: string
  readonly name: string
  readonly role: Role
  readonly currency: string
  readonly locale: Locale
  may(act: Act): boolean
  /** Leads back to the door when nobody is signed in any more. */
  readonly onRefusal: (refusal: Refusal) => void
}

export const ConsoleContextProvider = createContext<ConsoleContext | null>(null)

export function useConsole(): ConsoleContext {
  const context = use(ConsoleContextProvider)
  if (context === null) throw new Error('This page stands in no console')
  return context
}
