/** Who may open the technician mode of chargers: invitations, and the pass that each of them became. */

export interface TechnicianPassRow {
  tenant: string
  serial: string
  /** Whom the operator invited; stands in no signed message. */
  holder: string
  sites: string[]
  rights: number
  days: number
  code_hash: string
  invited_at_s: number
  code_expires_at_s: number
  /** All of them null until the invitation is taken. */
  device_key: string | null
  issued_at_s: number | null
  not_after_s: number | null
  bytes: Buffer | null
}

export interface TechniciansTables {
  technician_passes: TechnicianPassRow
}
