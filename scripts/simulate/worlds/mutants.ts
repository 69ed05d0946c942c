/**
 * Bugs that somebody could write tomorrow, each a small change of one module. Every one of them must be found by some
 * world; one that no world finds shows what the worlds do not look at. The product itself knows nothing of them.
 */

import type { Mutant } from './mutation'
import { cardMutants } from './planted/card-mutants'
import { chargerMutants } from './planted/charger-mutants'
import { cloudMutants } from './planted/cloud-mutants'
import { walletMutants } from './planted/wallet-mutants'

export const mutants: readonly Mutant[] = [
  ...chargerMutants,
  ...walletMutants,
  ...cloudMutants,
  ...cardMutants,
]
