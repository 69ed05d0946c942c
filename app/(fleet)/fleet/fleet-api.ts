/** The fleet's part of the HTTP API, from the manager's browser. */

import type { Refusal } from '@/lib/core/reason'
import type { Result } from '@/lib/core/result'
import type {
  FleetResponse,
  IssueTokenRequest,
  IssueTokenResponse,
  RevokeTokenRequest,
  RevokeTokenResponse,
} from '@/lib/cloud/api-types/fleet'
import type { PaymentsResponse, TopUpRequest, TopUpResponse } from '@/lib/cloud/api-types/payments'
import { ask } from '../../_console/ask'

export const readFleet = (): Promise<Result<FleetResponse, Refusal>> => ask('/fleet')

export const topUpFleet = (order: TopUpRequest): Promise<Result<TopUpResponse, Refusal>> =>
  ask('/fleet/top-up', order)

export const readTopUp = (topUpId: string): Promise<Result<TopUpResponse, Refusal>> =>
  ask(`/fleet/top-up/${encodeURIComponent(topUpId)}`)

export const readPayments = (): Promise<Result<PaymentsResponse, Refusal>> => ask('/payments')

export const issueToken = (order: IssueTokenRequest): Promise<Result<IssueTokenResponse, Refusal>> =>
  ask('/fleet/tokens', order)

export const revokeToken = (
  tokenId: string,
  order: RevokeTokenRequest,
): Promise<Result<RevokeTokenResponse, Refusal>> =>
  ask(`/fleet/tokens/${encodeURIComponent(tokenId)}/revoke`, order)
