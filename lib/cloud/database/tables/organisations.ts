/** Organisations, who belongs to them and who is invited. */

import type { Generated } from 'kysely'
import type { OrganisationKind, Role } from '../../organisations/roles'

export interface OrganisationRow {
  tenant: string
  /** A fleet's is the fleet's own id. */
  organisation_id: string
  kind: OrganisationKind
  name: string
  slug: string
  created_at_s: number
}

/** People of consoles have a name and an address; drivers have neither. */
export interface ConsolePersonRow {
  tenant: string
  account_id: string
  name: string
  email: string
  created_at_s: number
}

export interface OrganisationMemberRow {
  tenant: string
  member_id: string
  organisation_id: string
  account_id: string
  role: Role
  created_at_s: number
}

export interface OrganisationInvitationRow {
  tenant: string
  invitation_id: string
  organisation_id: string
  email: string
  role: Role
  status: 'pending' | 'accepted' | 'rejected' | 'canceled'
  inviter_id: string
  code_hash: Generated<string | null>
  expires_at_s: number
  created_at_s: number
}

export interface ApiKeyRow {
  tenant: string
  key_id: string
  organisation_id: string
  name: string
  role: 'manager' | 'viewer'
  secret_hash: string
  author: string
  created_at_s: number
  expires_at_s: number
  last_used_at_s: number | null
  revoked_at_s: number | null
}

export interface OrganisationsTables {
  api_keys: ApiKeyRow
  organisations: OrganisationRow
  console_people: ConsolePersonRow
  organisation_members: OrganisationMemberRow
  organisation_invitations: OrganisationInvitationRow
}
