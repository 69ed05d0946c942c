/** What the operator signs for its chargers, and the chargers. */

import type { Generated } from 'kysely'

export interface TrustListRow {
  tenant: string
  sequence: number
  root_key: string
  bytes: Buffer
}

export interface PolicyRow {
  tenant: string
  sequence: number
  bytes: Buffer
}

export interface SiteRow {
  tenant: string
  site_id: string
  label: string
  /** Where it lies, in 10⁻⁵ degrees; both or neither. */
  latitude_e5: Generated<number | null>
  longitude_e5: Generated<number | null>
  /** Its place in the operator's own order; null at the end. */
  place: Generated<number | null>
}

export interface ChargerRow {
  tenant: string
  charger_id: string
  site_id: string
  bay_label: string
  created_at_s: number
}

export interface EnrolmentCodeRow {
  tenant: string
  code_hash: string
  charger_id: string
  expires_at_s: number
  used_by_key: string | null
}

export interface ChargerCertificateRow {
  tenant: string
  charger_id: string
  key: string
  not_before_s: number
  not_after_s: number
  bytes: Buffer
}

export interface TrustTables {
  trust_lists: TrustListRow
  policies: PolicyRow
  sites: SiteRow
  chargers: ChargerRow
  enrolment_codes: EnrolmentCodeRow
  charger_certificates: ChargerCertificateRow
}
