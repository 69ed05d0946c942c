/** Whom the command believes: the sample operator, and whoever is named by `--trust`, a file or an address. */

import { readFileSync } from 'node:fs'
import { fromBase64Url } from '@/lib/core/bytes'
import { publicKey } from '@/lib/core/ids'
import { err, ok, type Result } from '@/lib/core/result'
import { verifyWithNode } from '@/lib/crypto/node'
import type { TrustList } from '@/lib/protocol/messages/trust-list'
import { openTrustList } from '@/lib/protocol/trust'

export interface KnownOperator {
  readonly trustList: TrustList
  /** Its private keys are public: what they sign proves nothing. */
  readonly isSample: boolean
}

/** `source` holds what `GET /api/v1/trust` answers; fails with a plain sentence. */
export async function readOperator(source: string): Promise<Result<KnownOperator, string>> {
  let json: unknown
  try {
    json = JSON.parse(await textOf(source))
  } catch {
    return err(`${source} cannot be read, or is not JSON.`)
  }
  const { root, trustList, label } = (json ?? {}) as Readonly<Record<string, unknown>>
  if (typeof root !== 'string' || typeof trustList !== 'string' || !/^[0-9a-f]{64}$/.test(root)) {
    return err(`${source} has no "root" (hex) and "trustList" (base64url).`)
  }
  const bytes = fromBase64Url(trustList)
  const opened = bytes === undefined ? undefined : openTrustList(bytes, publicKey(root), verifyWithNode)
  return opened === undefined
    ? err(`The trust list of ${source} is not signed by its root.`)
    : ok({ trustList: opened.payload, isSample: label === 'sample' })
}

async function textOf(source: string): Promise<string> {
  if (!/^https?:\/\//.test(source)) return readFileSync(source, 'utf8')
  const answer = await fetch(source, { signal: AbortSignal.timeout(5_000) })
  return answer.text()
}
