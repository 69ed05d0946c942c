/** What the demo's switches act on: the kiosk's process and its cable, and the vehicle at the virtual charger. */

import { PlainFailure } from '../setup/plain-failure.mjs'
import type { DemoState, DemoTargets } from './demo-control-types'
import type { PartKeeper } from './part-keeper'
import { cloudUrl, kioskAddress, kioskUrl } from './parts'
import { fieldOf, readJson } from './serving'
import type { StartSettings } from './settings'

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

export class DemoWorld implements DemoTargets {
  readonly #settings: StartSettings
  readonly #kiosk: () => PartKeeper
  readonly #chargerControl: () => string | undefined
  /** The cable stays pulled while the controller is dead. */
  #isCut = false

  /** @param chargerControl the virtual charger's control address, while it runs */
  constructor(settings: StartSettings, kiosk: () => PartKeeper, chargerControl: () => string | undefined) {
    this.#settings = settings
    this.#kiosk = kiosk
    this.#chargerControl = chargerControl
  }

  async state(): Promise<DemoState> {
    return {
      controller: this.#kiosk().current === undefined ? 'stopped' : 'running',
      uplink: this.#isCut ? 'offline' : 'online',
      vehicle: (await this.#isPluggedIn()) ? 'plugged' : 'unplugged',
      driverAppUrl: `${cloudUrl(this.#settings)}/`,
      kioskScreenUrl: `${kioskUrl(this.#settings)}/`,
    }
  }

  killController(): Promise<void> {
    return this.#kiosk().kill()
  }

  async restartController(): Promise<void> {
    await this.#kiosk().start()
  }

  /** To be called whenever the kiosk has come up: it does not remember the switch. */
  async applyUplink(): Promise<void> {
    if (this.#isCut) await this.#tellKiosk()
  }

  async setUplink(offline: boolean): Promise<void> {
    this.#isCut = offline
    if (this.#kiosk().current !== undefined) await this.#tellKiosk()
  }

  plug(): Promise<void> {
    return this.#actOnCharger('/plug')
  }

  unplug(): Promise<void> {
    return this.#actOnCharger('/unplug')
  }

  async #tellKiosk(): Promise<void> {
    const answer = await readJson(
      `${kioskAddress(this.#settings)}/demo/uplink`,
      post({ offline: this.#isCut }),
    )
    if (answer === undefined) throw new PlainFailure('The kiosk did not take the switch of its uplink.')
  }

  async #actOnCharger(act: string): Promise<void> {
    const control = this.#chargerControl()
    const answer = control === undefined ? undefined : await readJson(`${control}${act}`, post({}))
    if (answer === undefined) throw new PlainFailure('The virtual charger does not answer.')
  }

  async #isPluggedIn(): Promise<boolean> {
    const control = this.#chargerControl()
    const view = control === undefined ? undefined : await readJson(`${control}/state`)
    const connectors = fieldOf(view, 'connectors')
    return Array.isArray(connectors) && connectors.some((one) => fieldOf(one, 'isPluggedIn') === true)
  }
}
