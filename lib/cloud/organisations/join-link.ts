/** The link by which somebody joins an organisation: good once, and stored nowhere but as a hash. */

import { createHmac } from 'node:crypto'
import { toBytes } from '@/lib/core/bytes'
import type { Cloud } from '../context'
import { hashSecret, normaliseCode, randomCode } from '../secrets'
import type { OrganisationKind } from './roles'

export interface JoinLink {
  readonly joinUrl: string
  readonly codeHash: string
}

const doors: Readonly<Record<OrganisationKind, string>> = { fleet: '/join', operator: '/operator/join' }

/** Drawn from a secret and the invitation's id: shown again when an answer got lost. */
export function joinLink(
  cloud: Pick<Cloud, 'config' | 'pseudonymSecret'>,
  invitationId: string,
  kind: OrganisationKind,
): JoinLink {
  const digest = createHmac('sha256', cloud.pseudonymSecret).update(`join ${invitationId}`).digest()
  const code = randomCode({ bytes: (length) => toBytes(digest.subarray(0, length)) })
  // After the number sign, so that the code appears in no server's log.
  const joinUrl = `${cloud.config.origin}${doors[kind]}#${code}`
  return { joinUrl, codeHash: hashSecret(normaliseCode(code)) }
}
