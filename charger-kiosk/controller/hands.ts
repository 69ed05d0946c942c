/** Carries out what a step asks for: commands to the charger, fresh offers, words to the screens. */

import type { Result } from '@/lib/core/result'
import type { JournalFault } from '@/lib/journal/journal'
import { amperes, connectorId as ocppConnector, idTag, type ConnectorId } from '../ocpp/ids'
import type { ChargerCommands } from '../ocpp/port'
import type { ConnectorEvent, ConnectorState, Effect, Feedback } from '../session/connector-state'
import { retireOffers, withOffer, type OfferBook } from '../session/offer-book'
import type { SiteReserve } from '../session/site-reserve'
import { tagOf } from '../session/transaction-tag'
import type { BayAddress } from './bays'
import type { Keyring } from './keyring'
import { certificateAt, revocationEpochOf, type Knowledge } from './knowledge'
import { signOffer } from './offers'
import { policyAt, pricesAt } from './policy-in-force'
import type { ControllerPorts } from './ports'
import type { Timekeeper } from './timekeeper'

/** What hands need of the shell that they belong to. */
export interface HandsOn {
  readonly ports: ControllerPorts
  readonly time: Timekeeper
  readonly keys: Keyring
  readonly knowledge: Knowledge
  readonly isOnline: boolean
  readonly siteReserve: SiteReserve | undefined
  offers: OfferBook
  connector(connectorId: number): ConnectorState | undefined
  bayPowerW(connectorId: number): number
  addressOf(connectorId: number): BayAddress | undefined
  dispatch(connectorId: number, event: ConnectorEvent): Promise<Result<void, JournalFault>>
  run<T>(job: () => Promise<T>): Promise<T>
  tell(connectorId: number, feedback: Feedback): void
  refreshClosed(): Promise<void>
}

export class Hands {
  readonly #shell: HandsOn
  #commands = 0

  constructor(shell: HandsOn) {
    this.#shell = shell
  }

  /** A command to the charger is under way. */
  get isBusy(): boolean {
    return this.#commands > 0
  }

  async act(connectorId: number, effect: Effect): Promise<void> {
    const shell = this.#shell
    switch (effect.kind) {
      case 'make-offer':
        return this.#makeOffer(connectorId)
      case 'retire-offers':
        shell.offers = retireOffers(shell.offers, connectorId, effect.as)
        return
      case 'remote-start': {
        const tag = idTag(tagOf(effect.sessionId))
        const started = this.#ask(connectorId, (charger, evse) =>
          charger.remoteStart({ connectorId: evse, idTag: tag, ...currentLimit(effect.allowedMa) }),
        )
        return this.#follow(started, async (answered) => {
          // No answer is no refusal: the charger may still act, so only a clear no ends the start.
          const isRefused = !answered.ok && ['rejected', 'not-supported'].includes(answered.error.code)
          if (!answered.ok) shell.ports.log?.('remote-start', { code: answered.error.code })
          await shell.dispatch(connectorId, { kind: 'start-answered', willStart: !isRefused })
        })
      }
      case 'remote-stop':
        return this.#follow(this.#ask(connectorId, (charger) => charger.remoteStop(effect.transactionId)))
      case 'ask-meter':
        return this.#follow(this.#ask(connectorId, (charger, evse) => charger.trigger('MeterValues', evse)))
      case 'feedback':
        shell.tell(connectorId, effect.feedback)
        return
      case 'sign-receipt':
        // Not signed in its job: the connector stays in `ending` and its next tick asks again.
        return
    }
  }

  /** A command to the one charger that has this bay, in whose words the bay is an EVSE (1.6: a connector). */
  #ask<T>(
    connectorId: number,
    command: (charger: ChargerCommands, evse: ConnectorId) => Promise<T>,
  ): Promise<T> | undefined {
    const address = this.#shell.addressOf(connectorId)
    const charger = address === undefined ? undefined : this.#shell.ports.charger(address.identity)
    return address === undefined || charger === undefined
      ? undefined
      : command(charger, ocppConnector(address.evseId))
  }

  /** Commands run beside the queue; what comes of them is a job of its own. */
  #follow<T>(command: Promise<T> | undefined, job?: (answer: T) => Promise<void>): void {
    if (command === undefined) return
    this.#commands += 1
    void command
      .then((answer) => (job === undefined ? undefined : this.#shell.run(() => job(answer))))
      .finally(() => {
        this.#commands -= 1
      })
  }

  async #makeOffer(connectorId: number): Promise<void> {
    const shell = this.#shell
    if (shell.connector(connectorId)?.phase.kind !== 'offering') return
    const now = shell.time.now()
    const policy = policyAt(shell.knowledge, now.timeS)
    if (policy === undefined) return shell.refreshClosed()
    const certificate = certificateAt(shell.knowledge, now.timeS)
    try {
      const offer = await signOffer(
        {
          connectorId,
          policy,
          prices: pricesAt(policy, shell.knowledge.nextPolicy?.payload, now),
          certificate,
          revocationEpoch: revocationEpochOf(shell.knowledge),
          isOnline: shell.isOnline,
          hasSiteReserve: shell.siteReserve?.isWhole === true,
          bayPowerW: shell.bayPowerW(connectorId),
        },
        now,
        shell.keys.of(certificate.payload.key),
        shell.ports.random,
      )
      shell.offers = withOffer(shell.offers, offer)
      await shell.dispatch(connectorId, { kind: 'offer-made', offer })
    } catch (error) {
      shell.ports.log?.('signing-failed', { what: 'offer', detail: String(error) })
    }
  }
}

/** Whole amperes, and never more than allowed. */
const currentLimit = (allowedMa: number | undefined) =>
  allowedMa === undefined ? {} : { maxCurrentA: amperes(Math.min(1_000, Math.floor(allowedMa / 1_000))) }
