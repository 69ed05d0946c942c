/** Gives a charger its settings one by one, each with what to try where the first value is rejected. */

import type { ChargerCommands, ConfigurationOutcome } from './port'

/** Values in order of preference; the next is tried when one is rejected. */
export type Setting = readonly [key: string, ...values: string[]]

/** Whatever the charger said, it has heard of it. */
export const isAnswered = (outcome: ConfigurationOutcome | undefined): boolean =>
  outcome !== undefined && outcome !== 'timeout' && outcome !== 'disconnected'

/** Stops at the first command that is not answered: a charger that is deaf to one is deaf to all. */
export async function applyConfiguration(
  commands: Pick<ChargerCommands, 'changeConfiguration'>,
  settings: readonly Setting[],
): Promise<Readonly<Record<string, ConfigurationOutcome>>> {
  const outcomes: Record<string, ConfigurationOutcome> = {}
  for (const [key, ...values] of settings) {
    for (const value of values) {
      const result = await commands.changeConfiguration(key, value)
      const outcome = result.ok ? result.value : result.error.code
      outcomes[key] = outcome
      if (!isAnswered(outcome)) return outcomes
      if (outcome !== 'rejected') break
    }
  }
  return outcomes
}
