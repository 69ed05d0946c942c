/** Phones whose keys the test keeps, so that they can give their grants back, and what the cloud says to it. */

import type { Bytes } from '@/lib/core/bytes'
import type { GrantSerial, MessageHash } from '@/lib/core/ids'
import { expectOk } from '@/lib/core/result'
import type { Signer } from '@/lib/crypto/signature'
import { parseMessage, signMessage } from '@/lib/protocol/message'
import { close } from '@/lib/protocol/messages/close'
import { grant } from '@/lib/protocol/messages/grant'
import { revocations } from '@/lib/protocol/messages/revocations'
import type { Cloud } from '@/lib/cloud/context'
import { issueDriverGrant, renewGrant } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { reserveAccount, walletAccount } from '@/lib/cloud/ledger/accounts'
import { TestPhone } from '../../fixtures/session-actors'
import type { TestDatabase } from '../database-fixture'
import { availableMinor, balanceMinor, bytesOf, Charger, freshSigner, openAccount, openWorld } from './world'

export interface Held {
  readonly phone: TestPhone
  readonly signer: Signer
}

/** A phone whose key the test keeps, so that it can close. */
export async function phoneOf(cloud: Cloud, accountId: string, capMinor?: number): Promise<Held> {
  const signer = freshSigner()
  const order = { accountId, deviceKey: signer.publicKey, keyProtection: 'platform' as const }
  const issued = await issueDriverGrant(cloud, { ...order, ...(capMinor === undefined ? {} : { capMinor }) })
  return { phone: TestPhone.holding(expectOk(issued, 'grant'), signer), signer }
}

/** What the wallet says when it gives its grant back; a liar says something else. */
export async function closeOf(
  cloud: Cloud,
  { phone, signer }: Held,
  says: { lastSeq?: number; head?: MessageHash } = {},
): Promise<Bytes> {
  const last = phone.sessions.at(-1)?.authorization
  const payload = {
    serial: phone.serial,
    lastSeq: last?.payload.seq ?? 0,
    head: last?.hash ?? phone.grant.hash,
    timeS: cloud.clock.nowS(),
    ...says,
  }
  return (await signMessage(close, payload, signer)).bytes
}

export const renew = (cloud: Cloud, closeBytes: Bytes, accountId: string | undefined, next = freshSigner()) =>
  renewGrant(cloud, { close: closeBytes, accountId, deviceKey: next.publicKey, keyProtection: 'platform' })

export const read = (bytes: Bytes) => expectOk(parseMessage(grant, bytes), 'grant').payload

export const revokedNow = async (cloud: Cloud): Promise<readonly GrantSerial[]> =>
  expectOk(parseMessage(revocations, bytesOf((await currentTrust(cloud)).revocations)), 'list').payload
    .serials

/** A driver with credit and a grant, beside a charger. */
export async function driver(database: TestDatabase, creditMinor = 10_000, capMinor = 4_000) {
  const { cloud, pass } = await openWorld(database)
  const accountId = await openAccount(cloud, creditMinor)
  const held = await phoneOf(cloud, accountId, capMinor)
  const charger = await Charger.enrolled(cloud)
  const wallet = () => balanceMinor(cloud, walletAccount(accountId))
  const reserve = (serial = held.phone.serial) => availableMinor(cloud, reserveAccount(serial))
  return { cloud, pass, accountId, held, phone: held.phone, charger, wallet, reserve }
}
