/** An operator in memory whose policy and issuer key change, as what the store in memory is told about it. */

import type { Bytes } from '@/lib/core/bytes'
import type { Clock } from '@/lib/core/clock'
import type { PublicKey } from '@/lib/core/ids'
import { addSeconds } from '@/lib/core/units'
import type { Signer } from '@/lib/crypto/signature'
import type { MemoryOperator } from '@/lib/cloud/ingest/memory-operator'
import { defaultPolicy } from '@/lib/policy/defaults'
import { signMessage, type VerifiedMessage } from '@/lib/protocol/message'
import { policy as policyMessage, type Policy } from '@/lib/protocol/messages/policy'
import { trustList, type TrustList } from '@/lib/protocol/messages/trust-list'
import { signerNamed } from './keys'
import { openingTariff, worldCurrency, worldOperator } from './place'

const dayS = 86_400
/** Longer than any world lasts. */
const lifeS = 3_000 * dayS
const issuersMax = 8

interface Word {
  readonly list: VerifiedMessage<TrustList>
  readonly policy: VerifiedMessage<Policy>
  readonly issuers: readonly Signer[]
}

export class ChangingOperator implements MemoryOperator {
  readonly tenant = worldOperator
  readonly currency = worldCurrency
  readonly clock: Clock
  #word: Word
  #rotations = 0

  private constructor(clock: Clock, word: Word) {
    this.clock = clock
    this.#word = word
  }

  static async begin(clock: Clock): Promise<ChangingOperator> {
    const issuer = signerNamed('issuer 0')
    const fromS = addSeconds(clock.nowS(), -dayS)
    const terms = defaultPolicy(worldOperator, 1, openingTariff, fromS)
    return new ChangingOperator(clock, {
      issuers: [issuer],
      list: await signList(1, [issuer], clock),
      policy: await signMessage(policyMessage, { ...terms, notAfterS: addSeconds(fromS, lifeS) }, issuer),
    })
  }

  get root(): PublicKey {
    return signerNamed('root').publicKey
  }

  get trustList(): VerifiedMessage<TrustList> {
    return this.#word.list
  }

  get policy(): Bytes {
    return this.#word.policy.bytes
  }

  get issuer(): Signer {
    return this.#word.issuers[0] ?? signerNamed('issuer 0')
  }

  async changePolicy(change: Partial<Omit<Policy, 'operator' | 'sequence'>>): Promise<void> {
    const { payload } = this.#word.policy
    const next = { ...payload, ...change, sequence: payload.sequence + 1 }
    this.#word = { ...this.#word, policy: await signMessage(policyMessage, next, this.issuer) }
  }

  /** Rotation overlaps: earlier keys stay, so that what they signed can still be checked. */
  async rotateIssuer(): Promise<void> {
    this.#rotations += 1
    const issuers = [signerNamed(`issuer ${this.#rotations}`), ...this.#word.issuers].slice(0, issuersMax)
    const list = await signList(this.#word.list.payload.sequence + 1, issuers, this.clock)
    this.#word = { ...this.#word, issuers, list }
  }
}

const signList = (
  sequence: number,
  issuers: readonly Signer[],
  clock: Clock,
): Promise<VerifiedMessage<TrustList>> =>
  signMessage(
    trustList,
    {
      operator: worldOperator,
      sequence,
      timeS: clock.nowS(),
      issuers: issuers.map(({ publicKey: key }) => ({
        key,
        notBeforeS: addSeconds(clock.nowS(), -lifeS),
        notAfterS: addSeconds(clock.nowS(), lifeS),
      })),
    },
    signerNamed('root'),
  )
