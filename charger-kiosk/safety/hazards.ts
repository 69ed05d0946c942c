/** Every hazard of a running session in one table: session machine, documents and tests all read it. */

interface HazardFacts {
  /** How the session ends; null: it goes on, with less current or as it is. */
  readonly ends: 'limit' | 'fault' | null
  /** A line in the journal beyond the session's own end. */
  readonly isIncident: boolean
  /** Nothing is sold at the bay until it has cooled down. */
  readonly needsCooling: boolean
}

const hazard = (ends: HazardFacts['ends'], isIncident = true, needsCooling = false): HazardFacts => ({
  ends,
  isIncident,
  needsCooling,
})

/** The first that ends a session names its reason. */
export const hazards = {
  overheated: hazard('fault', true, true),
  'over-power': hazard('fault'),
  'meter-silent': hazard('fault'),
  energy: hazard('limit', false),
  duration: hazard('limit', false),
  warm: hazard(null),
  'charger-lost': hazard(null),
} as const satisfies Record<string, HazardFacts>

export type Hazard = keyof typeof hazards
export const hazardNames = Object.keys(hazards) as readonly Hazard[]

/** In the journal. */
export const hazardIncident = (name: Hazard): string => `safety.${name}`
