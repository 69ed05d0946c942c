/** Bugs of a phone’s wallet. */

import type { Mutant } from '../mutation'

export const walletMutants: readonly Mutant[] = [
  {
    id: 'no-write-ahead-on-phone',
    means: 'the phone shows a code that its storage has refused',
    file: 'lib/wallet/wallet.ts',
    find: '    if (!written.ok) {\n      this.#isStale = true\n      return err(refusalOf(written.error))\n    }\n    this.#revision += 1\n    this.#show(next)',
    replace: '    if (written.ok) this.#revision += 1\n    this.#show(next)',
  },
  {
    id: 'release-hold-twice',
    means: 'the phone takes back the whole hold although a part was spent',
    file: 'lib/wallet/chain.ts',
    find: 'return minorUnits(Math.max(0, entry.payload.holdMinor - entry.state.receipt.payload.totalMinor))',
    replace: 'return entry.payload.holdMinor',
  },
  {
    id: 'sticker-over-code',
    means: 'the phone approves an offer that nobody certified',
    file: 'lib/wallet/offer-check.ts',
    find: 'const verified = verifyMessage(parsed.value, certificate.value.payload.key, verify)',
    replace: 'const verified = verifyMessage(parsed.value, certificate.value.payload.key, () => true)',
  },
]
