/**
 * The ceremony by Bluetooth, from the driver's tap to the receipt. By radio nobody knows who stands where, so a phone
 * hears the offers of all bays, and it is the driver who says which one is theirs, even where there is only one. After
 * that everything is as over any link (`linked-ceremony.ts`): the same codes, and the same end if the link breaks.
 */

import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import { envelopeFromText } from '@/lib/protocol/envelope'
import { matchingWords } from '@/lib/protocol/matching-words'
import type { BluetoothLink } from './bluetooth-charger-link'
import type { ScanOutcome } from './ceremony'
import type { CheckedOffer } from './chain'
import type { ChargerLink } from './charger-link'
import { followLink, type LinkedCeremony } from './linked-ceremony'
import { checkOffer, clockAheadS, isCertainlyExpired, judgedAtS } from './offer-check'
import type { Verify } from '@/lib/crypto/signature'
import type { Wallet } from './wallet'

/** A site's charger has a handful; beyond that it is not one of ours. */
const baysMax = 32

export interface OfferedBay {
  readonly connectorId: number
  /** As the touchscreen shows it, to be compared with what is printed at the bay. */
  readonly bayLabel: string
  readonly siteLabel: string
  readonly words: readonly [string, string]
}

export interface BayCeremony {
  /** What can be chosen; the same array until it changes. */
  bays(): readonly OfferedBay[]
  choose(connectorId: number): void
  leave(): void
}

export interface BayCeremonyPorts {
  readonly wallet: Wallet
  readonly verify: Verify
  readonly onBays: () => void
  /** Everything that the charger said for the chosen bay, and what it said without a signature. */
  readonly onOutcome: (outcome: Result<ScanOutcome, Refusal>) => void
  readonly onNotice: (notice: Refusal) => void
}

interface HeardOffer {
  readonly code: string
  readonly checked: CheckedOffer
  /** How far this phone's clock runs ahead of the charger's. */
  readonly aheadS: number
}

/** Follows a link that stands. A session that runs already goes on by it at once, and no bay is asked for. */
export function followBluetooth(link: BluetoothLink, ports: BayCeremonyPorts): BayCeremony {
  return new BluetoothCeremony(link, ports)
}

class BluetoothCeremony implements BayCeremony {
  readonly #ports: BayCeremonyPorts
  readonly #offers = new Map<number, HeardOffer>()
  readonly #followed: LinkedCeremony
  #bays: readonly OfferedBay[] = []
  #chosen: number | undefined
  #take: ((code: string) => void) | undefined

  constructor(link: BluetoothLink, ports: BayCeremonyPorts) {
    this.#ports = ports
    const sieve: ChargerLink = {
      ended: link.ended,
      send: (code) => link.send(code),
      close: () => link.close(),
      listen: (take) => {
        this.#take = take
        link.listen((code) => this.#hear(code))
      },
    }
    link.onNotice(ports.onNotice)
    this.#followed = followLink(ports.wallet, sieve, (outcome) => this.#follow(outcome))
  }

  bays = (): readonly OfferedBay[] => this.#bays

  choose(connectorId: number): void {
    const heard = this.#offers.get(connectorId)
    if (heard === undefined) return
    this.#chosen = connectorId
    this.#take?.(heard.code)
  }

  leave(): void {
    this.#followed.leave()
  }

  #follow(outcome: Result<ScanOutcome, Refusal>): void {
    if (outcome.ok && (outcome.value.kind === 'declined' || outcome.value.kind === 'receipt')) {
      // The next session is the next decision, at whichever bay.
      this.#chosen = undefined
    }
    this.#ports.onOutcome(outcome)
  }

  /** Offers wait for the driver; everything else is for the session at hand. */
  #hear(code: string): void {
    const envelope = envelopeFromText(code)
    if (!envelope.ok || envelope.value.kind !== 'offer') {
      this.#take?.(code)
      return
    }
    const { wallet, verify, onNotice } = this.#ports
    const { trust, ceremony } = wallet.snapshot()
    const nowS = wallet.nowS()
    const checked = trust === null ? undefined : checkOffer(envelope.value, trust, nowS, verify)
    if (checked?.ok !== true) {
      if (checked !== undefined) onNotice(checked.error)
      return
    }
    const { connectorId } = checked.value.offer.payload
    if (this.#offers.size >= baysMax && !this.#offers.has(connectorId)) return
    const aheadS = clockAheadS(checked.value.offer.payload, nowS)
    this.#offers.set(connectorId, { code, checked: checked.value, aheadS })
    this.#show()
    // A renewed offer of the bay that is being decided on takes the place of the one that runs out.
    if (connectorId === this.#chosen && ceremony?.kind === 'approving') this.#take?.(code)
  }

  #show(): void {
    const nowS = this.#ports.wallet.nowS()
    const { clockFloorS } = this.#ports.wallet.snapshot()
    const live = [...this.#offers.values()].filter(
      ({ checked, aheadS }) =>
        !isCertainlyExpired(checked.offer.payload, judgedAtS(nowS, aheadS, clockFloorS)),
    )
    this.#bays = live
      .map(({ checked }) => bayOf(checked, live.length > 1))
      .sort((left, right) => left.connectorId - right.connectorId)
    this.#ports.onBays()
  }
}

/** The certificate names the charger's bay; where several connectors share it, their number tells them apart. */
function bayOf({ offer, certificate }: CheckedOffer, isOneOfSeveral: boolean): OfferedBay {
  const { connectorId } = offer.payload
  const { bayLabel, siteLabel } = certificate.payload
  return {
    connectorId,
    bayLabel: isOneOfSeveral ? `${bayLabel}.${connectorId}` : bayLabel,
    siteLabel,
    words: matchingWords(offer.hash),
  }
}
