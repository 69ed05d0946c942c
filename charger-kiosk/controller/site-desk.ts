/**
 * What the site's own CSMS may ask of this controller (docs/forwarding.md): where sessions stand, to end one, and to have
 * its commands written down. It goes through the same queue and the same machine as a driver's stop.
 */

import type { ChargePointIdentity } from '../ocpp/ids'
import { permits, type ConnectorState } from '../session/connector-state'
import type { Shell } from './shell'

export interface OpenSession {
  readonly evseId: number
  readonly connectorId: number
  /** Undefined until the charger has begun. */
  readonly transactionId: number | undefined
}

export interface SiteCommand {
  readonly action: string
  readonly outcome: string
  /** Our number of the transaction that it was about. */
  readonly transactionId?: number | undefined
}

export class SiteDesk {
  readonly #shell: Shell

  constructor(shell: Shell) {
    this.#shell = shell
  }

  /** Sessions at a charger for which money is held. */
  openSessions(identity: ChargePointIdentity): readonly OpenSession[] {
    return this.#statesOf(identity).flatMap((state) => {
      const address = this.#shell.addressOf(state.connectorId)
      if (address === undefined || !permits[state.phase.kind].open) return []
      return [
        { evseId: address.evseId, connectorId: address.connectorId, transactionId: transactionOf(state) },
      ]
    })
  }

  /** Ends it by the machine, with a receipt. False where no session of ours has this transaction. */
  stop(identity: ChargePointIdentity, transactionId: number): Promise<boolean> {
    return this.#shell.run(async () => {
      const state = this.#statesOf(identity).find((one) => transactionOf(one) === transactionId)
      if (state === undefined) return false
      await this.#shell.dispatch(state.connectorId, { kind: 'site-stop' })
      return true
    })
  }

  /** Best effort: a disk that does not take it has closed the charger already. */
  async note(identity: ChargePointIdentity, { action, outcome, transactionId }: SiteCommand): Promise<void> {
    await this.#shell.run(async () => {
      const { timeS } = this.#shell.time.now()
      const state = this.#statesOf(identity).find(
        (one) => transactionId !== undefined && transactionOf(one) === transactionId,
      )
      const session = state !== undefined && 'session' in state.phase ? state.phase.session : undefined
      await this.#shell.write([
        {
          kind: 'site-command',
          timeS,
          charger: identity,
          action: printable(action),
          outcome: printable(outcome),
          ...(session === undefined ? {} : { sessionId: session.sessionId }),
        },
      ])
    })
  }

  /** Something about forwarding that somebody should look at. */
  async incident(what: string, detail: string): Promise<void> {
    await this.#shell.run(() => this.#shell.write([this.#shell.incident(what, detail)]))
  }

  #statesOf(identity: ChargePointIdentity): readonly ConnectorState[] {
    return this.#shell.bays.baysOf(identity).flatMap((bay) => this.#shell.connector(bay) ?? [])
  }
}

const transactionOf = ({ phase }: ConnectorState): number | undefined =>
  phase.kind === 'charging' || phase.kind === 'stopping' ? phase.running.transactionId : undefined

const printable = (text: string): string => text.replaceAll(/\p{C}/gu, ' ').slice(0, 40) || '-'
