/**
 * The engine of rules where it is loaded only when a policy has rules: phones carry 24 kB less for everybody else. Until it
 * is there, and wherever it cannot be loaded, nobody asks the rules but the charger, which always does.
 */

import type { Policy } from '@/lib/protocol/messages/policy'
import type { RuleEngine } from './rules'

let loaded: RuleEngine | undefined

/** What is loaded by now. */
export const loadedRules = (): RuleEngine | undefined => loaded

/** Resolves at once where none of these has rules, and never rejects. */
export async function loadRulesFor(policies: readonly (Policy | undefined)[]): Promise<void> {
  if (loaded !== undefined || policies.every((policy) => policy?.rules === undefined)) return
  try {
    loaded = (await import('./cel')).celEngine
  } catch {
    // Without a network and without the app's kept files: the charger asks.
  }
}
