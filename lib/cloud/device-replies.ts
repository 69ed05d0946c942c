/**
 * What phones and chargers are answered when they bring something: what became of it, and what the issuer has to say
 * to this one. Where reconciliation and issuance meet.
 */

import { fromBase64Url, toBase64Url, type Bytes } from '@/lib/core/bytes'
import { chargerId, chargerIdPattern, grantSerial } from '@/lib/core/ids'
import type { Refusal } from '@/lib/core/reason'
import { ok, type Result } from '@/lib/core/result'
import { parseMessage } from '@/lib/protocol/message'
import { acknowledgement, type Acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { decodeBundle } from '@/lib/sync/bundle'
import type { ReportResponse } from './api-types/wallet'
import type { SyncResponse } from './api-types/devices'
import { newsOfSessions } from './cases/session-news'
import type { Cloud } from './context'
import { inTenant } from './database/connection'
import { noteBayDays } from './health/bay-days'
import { receiveBundle, receiveReport } from './ingest/commands'
import type { SyncRefusal } from './ingest/receive'
import { certificateFor } from './issuance/certificates'
import { localListFor } from './issuance/local-lists'
import { permitsOfCharger, permitsOfGrants } from './issuance/permits'
import { trustResponse } from './issuance/queries'
import { noteRevocationEpoch } from './issuance/revocation-holders'

/** A charger's bundle. What it is told beside the acknowledgement may be lost: it is told again the next time. */
export async function answerBundle(cloud: Cloud, bytes: Bytes): Promise<Result<SyncResponse, SyncRefusal>> {
  const received = await receiveBundle(cloud, bytes)
  if (!received.ok) return received
  const device = readAcknowledgement(received.value.acknowledgement)?.device ?? ''
  if (!chargerIdPattern.test(device)) return received
  const charger = chargerId(device)
  const bundle = decodeBundle(bytes)
  const shown = bundle.ok ? bundle.value.certificate : new Uint8Array(0)
  return inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const certificate = await certificateFor(cloud, tx, charger, shown)
    const { root: _root, ...trust } = await trustResponse(cloud, tx)
    const permits = await permitsOfCharger(cloud, tx, charger)
    if (bundle.ok) {
      await noteRevocationEpoch(cloud, tx, charger, bundle.value)
      await noteBayDays(cloud, tx, charger, bundle.value)
    }
    const localList = bundle.ok ? await localListFor(cloud, tx, charger, bundle.value) : undefined
    return ok({
      ...received.value,
      ...trust,
      permits,
      ...(localList === undefined ? {} : { localList }),
      ...(certificate === undefined ? {} : { certificate: toBase64Url(certificate) }),
    })
  })
}

/** A phone's report, with the permits about its grants and sessions to carry. */
export async function answerReport(cloud: Cloud, json: unknown): Promise<Result<ReportResponse, Refusal>> {
  const received = await receiveReport(cloud, json)
  if (!received.ok) return received
  const serials = received.value.acknowledgements
    .map((text) => readAcknowledgement(text)?.device ?? '')
    .filter((device) => serialPattern.test(device))
    .map((serial) => grantSerial(serial))
  return inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const { revocations, revocationDeltas = [] } = await trustResponse(cloud, tx)
    const permits = await permitsOfGrants(cloud, tx, serials)
    const ids = received.value.sessions.map(({ sessionId }) => sessionId)
    const news = await newsOfSessions(tx, cloud.config.tenant, ids)
    return ok({ ...received.value, news, revocations, revocationDeltas, permits })
  })
}

const serialPattern = /^[0-9a-f]{16}$/

function readAcknowledgement(text: string): Acknowledgement | undefined {
  const bytes = fromBase64Url(text)
  const parsed = bytes === undefined ? undefined : parseMessage(acknowledgement, bytes)
  return parsed?.ok === true ? parsed.value.payload : undefined
}
