/** A fleet with people, credit, tokens, cards, a session that was paid, and whatever else its console can make. */

import { toBytes } from '@/lib/core/bytes'
import { EUR } from '@/lib/core/currency'
import { expectOk } from '@/lib/core/result'
import { keepSignIn } from '@/lib/cloud/accounts/sign-ins'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { referenceOf } from '@/lib/cloud/credit/bank-reference'
import { importStatement } from '@/lib/cloud/credit/import-statement'
import { countFleet } from '@/lib/cloud/dashboard/count-days'
import { takeImport } from '@/lib/cloud/drivers/imports'
import { claimToken } from '@/lib/cloud/fleet/commands'
import { issueCard } from '@/lib/cloud/fleet/cards'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { lockAddress } from '@/lib/cloud/invoices/billing-address'
import { makeInvoice } from '@/lib/cloud/invoices/make-invoice'
import { monthAt } from '@/lib/cloud/invoices/months'
import { fleetAccount } from '@/lib/cloud/ledger/accounts'
import { queueMail } from '@/lib/cloud/mail/queue-mail'
import { everyOperation } from '@/lib/cloud/operations/every-operation'
import type { Operation } from '@/lib/cloud/operations/operation'
import { createApiKey } from '@/lib/cloud/organisations/api-keys'
import { acceptInvitation, foundOrganisation, inviteMember } from '@/lib/cloud/organisations/commands'
import { topUp } from '@/lib/cloud/topup/commands'
import { callRoute } from './console-browser'
import { sampleOf } from './schema-samples'
import { Charger, freshSigner, openAccount, Phone } from './world'

export interface FilledFleet {
  readonly organisationId: string
  readonly ownerId: string
  readonly cookie: string
  readonly managerCookie: string
}

export async function signInAs(cloud: Cloud, accountId: string): Promise<string> {
  const { token } = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    keepSignIn(cloud, tx, accountId, null),
  )
  return `outpost_session=${token}`
}

/** `mark` stands in every name, so that it is found wherever it should not be. */
export async function fillFleet(cloud: Cloud, mark: string): Promise<FilledFleet> {
  const ownerId = await openAccount(cloud, 0)
  const founder = { accountId: ownerId, name: `Owner ${mark}`, email: `owner@${mark}.example` }
  const order = { founder, name: `Fleet ${mark}`, kind: 'fleet' } as const
  const { organisationId } = expectOk(await foundOrganisation(cloud, order), 'fleet')
  const manager = await openAccount(cloud, 0)
  const invite = { organisationId, author: ownerId, role: 'manager' } as const
  const invited = expectOk(
    await inviteMember(cloud, { ...invite, email: `manager@${mark}.example` }),
    'invitation',
  )
  const code = invited.joinUrl.split('#')[1] ?? ''
  expectOk(await acceptInvitation(cloud, { code, accountId: manager, name: `Manager ${mark}` }), 'joined')
  expectOk(await inviteMember(cloud, { ...invite, email: `open@${mark}.example` }), 'open invitation')
  const key = { organisationId, author: ownerId, name: `Key ${mark}`, role: 'viewer', days: 9 } as const
  expectOk(await createApiKey(cloud, key), 'key')
  const paid = await topUp(cloud, {
    owner: fleetAccount(organisationId),
    amountMinor: 90_000,
    currency: EUR,
    cardNumber: '4242424242424242',
    idempotencyKey: `top-up-${mark}`,
    author: ownerId,
  })
  expectOk(paid, 'top-up')
  await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    queueMail(tx, cloud, {
      ...{ organisationId, to: founder.email, key: `mail-${mark}` },
      ...{ subject: `Subject ${mark}`, text: `Text ${mark}` },
    }),
  )
  const cookie = await signInAs(cloud, ownerId)
  const fleet = { organisationId, ownerId, cookie, managerCookie: await signInAs(cloud, manager) }
  await chargeOnce(cloud, fleet, mark)
  await payByBank(cloud, organisationId, mark)
  await invoiceMonth(cloud, organisationId)
  await countFleet(cloud, organisationId)
  await addUpMonth(cloud, organisationId)
  return fleet
}

/** A token that a phone claimed, a session with it, and a card beside. */
async function chargeOnce(cloud: Cloud, fleet: FilledFleet, mark: string): Promise<void> {
  const charger = await Charger.enrolled(cloud)
  await useConsole(fleet, mark)
  const csv = `name,reference,email\nImported ${mark},I-${mark},imported@${mark}.example\n,Nameless ${mark},\n`
  const people = { fleetId: fleet.organisationId, author: fleet.ownerId, kind: 'drivers', csv } as const
  expectOk(await takeImport(cloud, { ...people, idempotencyKey: `import-${mark}` }), 'import')
  const card = await issueCard(cloud, {
    ...{ fleetId: fleet.organisationId, author: fleet.ownerId, label: `Card ${mark}`, type: 'ISO14443' },
    ...{
      token: `CARD${mark}`,
      capMinor: 1_500,
      sites: ['kinross'],
      days: 30,
      idempotencyKey: `card-${mark}`,
    },
  })
  expectOk(card, 'card')
  const code = await claimCodeOf(fleet, mark)
  const signer = freshSigner()
  const device = { deviceKey: signer.publicKey, keyProtection: 'platform' } as const
  const claimed = expectOk(await claimToken(cloud, { code, ...device }), 'claim')
  await charger.charge(Phone.holding(toBytes(claimed.grant), signer), 1_000, 10_000)
  // The worker's part is done at once, so that nothing changes later by itself.
  const working = { ...cloud, config: { ...cloud.config, runsWorker: true } }
  expectOk(await receiveBundle(working, await charger.bundle()), 'bundle')
}

/** The month is not over, but what was settled in it can stand on an invoice. */
async function invoiceMonth(cloud: Cloud, organisationId: string): Promise<void> {
  const seller = { name: 'Highland Charging', address: ['Station Road 1'], taxId: 'GB 123 4567 89' }
  const number = await inTenant(cloud.db, cloud.config.tenant, async (tx) => {
    const address = await lockAddress(cloud, tx, organisationId)
    if (address === undefined) return undefined
    return makeInvoice(cloud, tx, seller, address, monthAt(cloud.clock.nowS()))
  })
  if (number === undefined) throw new Error('Nothing to invoice, or nobody to address it to')
}

/** Nothing moved in it: months are over only when the database's own clock says so. */
async function addUpMonth(cloud: Cloud, organisationId: string): Promise<void> {
  const { tenant } = cloud.config
  const sums = { kind: 'bank-transfer', amount_minor: 0, inside_minor: 0, transfers: 0 }
  await inTenant(cloud.db, tenant, (tx) =>
    tx
      .insertInto('fleet_statement_months')
      .values({ tenant, fleet_id: organisationId, month: '2020-01', ...sums })
      .execute(),
  )
}

/** A transfer that the operator's people found in their bank's statement. */
async function payByBank(cloud: Cloud, organisationId: string, mark: string): Promise<void> {
  const { fleet_number: fleetNumber } = await inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('fleets')
      .select('fleet_number')
      .where('fleet_id', '=', organisationId)
      .executeTakeFirstOrThrow(),
  )
  const row = [
    '2026-11-20',
    '25.00',
    'EUR',
    `${referenceOf(fleetNumber)} ${mark}`,
    `Payer ${mark}`,
    `tx-${mark}`,
  ]
  const csv = `bookingdate,amount,currency,text,counterparty,id\n${row.join(',')}\n`
  const imported = expectOk(await importStatement(cloud, { csv, author: 'bank-desk' }), 'statement')
  if (imported.posted !== 1) throw new Error(`No transfer: ${JSON.stringify(imported)}`)
}

/** Of the acts that make something, in the order in which they stand; what ends something is left for the attack. */
const ending = /revoke|withdraw|remove|leave|delete|undo|void|cancel|close|end|role/i

export const makes = ({ id, method, act }: Operation): boolean =>
  method === 'POST' && act !== 'signed-in' && !ending.test(id)

/** Presses everything once that makes something, with plain values. What refuses its made-up order is no loss. */
async function useConsole(fleet: FilledFleet, mark: string): Promise<void> {
  for (const operation of everyOperation.filter(makes)) {
    const texts = plainTexts(mark, operation.id)
    const body = sampleOf(operation.body, new Map(), texts)
    const params = sampleOf(operation.params, new Map(), texts) as Record<string, string>
    const answer = await callRoute(operation.path, { params, body, headers: { cookie: fleet.cookie } })
    await answer.arrayBuffer()
  }
}

/** Of what a text may be, the first that fits is taken: a name or key, else an address, a place, a time. */
export const plainTexts = (mark: string, id: string): readonly string[] => [
  `${id}${mark}`,
  `${id.toLowerCase()}@${mark}.example`,
  'kinross',
  '2026-11',
  '2026-11-23',
  'EUR',
  '08:00',
  '1',
]

async function claimCodeOf(fleet: FilledFleet, mark: string): Promise<string> {
  const headers = { cookie: fleet.cookie }
  const limits = { capMinor: 9_000, sessionCapMinor: 4_000, dailyLimitMinor: 9_000, days: 30 }
  const body = { driverName: `Driver ${mark}`, idempotencyKey: `token-${mark}`, ...limits }
  const issued = await callRoute('/fleet/tokens', { headers, body })
  const answer = (await issued.json()) as { claimCode?: string }
  if (answer.claimCode === undefined) throw new Error(`No token: ${JSON.stringify(answer)}`)
  return answer.claimCode
}
