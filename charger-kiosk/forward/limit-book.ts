/** The limits that a site CSMS has set on one charger, kept over restarts as a charger would keep its profiles. */

import { limits } from '@/lib/core/limits'
import type { RawPayload } from '../ocpp/port'
import type { Outbox } from './outbox'
import type { ForwardTarget } from './settings'
import {
  nextChangeS,
  readSiteProfile,
  siteLimit,
  stationLimit,
  withoutSiteProfiles,
  withSiteProfile,
  type Place,
  type ProfileFrame,
  type SiteProfile,
} from './site-profile'

const factName = 'limits'
export class LimitBook {
  readonly #target: ForwardTarget
  readonly #outbox: Outbox
  #profiles: readonly SiteProfile[]

  constructor(target: ForwardTarget, outbox: Outbox) {
    this.#target = target
    this.#outbox = outbox
    this.#profiles = storedProfiles(outbox.fact(target.charger, factName))
  }

  set(request: RawPayload, frame: ProfileFrame): boolean {
    const profile = readSiteProfile(request, frame)
    if (profile === undefined) return false
    const current = this.#profiles.filter(({ validToS }) => validToS === undefined || validToS > frame.nowS)
    const profiles = withSiteProfile(current, profile)
    if (profiles.length > limits.forwardProfilesMax) return false
    this.#keep(profiles)
    return true
  }

  clear(request: RawPayload): boolean {
    const profiles = withoutSiteProfiles(this.#profiles, request, this.#target.version)
    if (profiles === undefined) return false
    this.#keep(profiles)
    return true
  }

  ofPlace(place: Place, nowS: number): number | undefined {
    return siteLimit(this.#profiles, place, nowS)
  }

  ofStation(nowS: number): number | undefined {
    return stationLimit(this.#profiles, nowS)
  }

  nextChangeS(nowS: number): number | undefined {
    return nextChangeS(this.#profiles, nowS)
  }

  #keep(profiles: readonly SiteProfile[]): void {
    this.#outbox.setFact(this.#target.charger, factName, JSON.stringify(profiles))
    this.#profiles = profiles
  }
}

/** Written by this program alone; a text that is not as it was is no limit, and the operator's own still hold. */
function storedProfiles(text: string | undefined): readonly SiteProfile[] {
  try {
    const value: unknown = text === undefined ? [] : JSON.parse(text)
    return Array.isArray(value) ? (value as readonly SiteProfile[]) : []
  } catch {
    return []
  }
}
