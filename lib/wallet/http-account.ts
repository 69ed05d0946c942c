/** The account port over HTTP. */

import { limits } from '@/lib/core/limits'
import { refusal } from '@/lib/core/reason'
import { err, ok, type Result } from '@/lib/core/result'
import type { Refusal } from '@/lib/core/reason'
import type { AccountPort } from './account-port'
import { request, type Fetch } from './http-cloud'
import { jsonReader, type JsonReader } from './json-reader'
import { historyKinds, type HistoryLine, type HistoryPage } from './kept-history'
import type { Site } from './site-book'

export function httpAccount(fetchApi: Fetch): AccountPort {
  const ask = async <T>(
    path: string,
    read: (json: JsonReader) => T,
    body?: unknown,
  ): Promise<Result<T, Refusal>> => {
    const answer = await request(fetchApi, path, body === undefined ? 'GET' : 'POST', body)
    if (!answer.ok) return answer
    try {
      return ok(read(jsonReader(answer.value)))
    } catch {
      return err(refusal('api.internal'))
    }
  }
  return {
    history: (before) =>
      ask(`/wallet/history${before === null ? '' : `?before=${encodeURIComponent(before)}`}`, readPage),
    sites: () => ask('/trips/sites', (json) => json.objects('sites', limits.sitesKeptMax).map(readSite)),
    giveBack: (close) =>
      ask(
        '/wallet/close',
        (json) => ({
          releasedMinor: json.integer('releasedMinor'),
          balanceMinor: json.integer('balanceMinor'),
        }),
        { close },
      ),
    receiptProof: (sessionId) =>
      ask(`/wallet/receipts/${encodeURIComponent(sessionId)}`, (json) => json.text('proof')),
    raise: (order) => ask('/wallet/raise', (json) => json.text('permit'), order),
  }
}

const readPage = (json: JsonReader): HistoryPage => ({
  lines: json.objects('lines', limits.historyPageLinesMax).map(readLine),
  before: json.raw('before') === null ? null : json.text('before'),
})

const readLine = (json: JsonReader): HistoryLine => ({
  id: json.text('id'),
  kind: json.oneOf('kind', historyKinds),
  atS: json.integer('atS'),
  currency: json.text('currency'),
  amountMinor: json.integer('amountMinor'),
  ...(json.has('sessionId') && { sessionId: json.text('sessionId') }),
  ...(json.has('siteLabel') && { siteLabel: json.text('siteLabel') }),
  ...(json.has('heldMinor') && { heldMinor: json.integer('heldMinor') }),
})

const readSite = (json: JsonReader): Site => ({
  siteId: json.text('siteId'),
  label: json.text('label'),
  position: json.raw('position') === null ? null : readPosition(json.object('position')),
  chargers: json.integer('chargers'),
  keepsReserve: json.raw('keepsReserve') === true,
})

const readPosition = (json: JsonReader) => ({
  latitudeE5: json.integer('latitudeE5'),
  longitudeE5: json.integer('longitudeE5'),
})
