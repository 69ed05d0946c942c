/**
 * An operator on a real database with a phone and a charger beside it, which sign real messages with keys of their
 * own. Time stands still unless the test moves it.
 */

import { randomBytes } from 'node:crypto'
import { fromBase64Url, fromHex, toBase64Url, toBytes, toHex, type Bytes } from '@/lib/core/bytes'
import { EUR } from '@/lib/core/currency'
import {
  deviceId,
  messageHash,
  nonce,
  operatorId,
  sessionId,
  type MessageHash,
  type SessionId,
} from '@/lib/core/ids'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { expectOk } from '@/lib/core/result'
import { durationMs, epochSeconds, minorUnits, seconds, wattHours, type MinorUnits } from '@/lib/core/units'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import type { Signer } from '@/lib/crypto/signature'
import { appendLeaves, emptyFrontier, rootOf } from '@/lib/log/frontier'
import { leafHash } from '@/lib/log/hash'
import { encodeJournalEvent, type JournalEvent } from '@/lib/protocol/journal-event'
import { parseMessage, signMessage, type ParsedMessage } from '@/lib/protocol/message'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization, type Authorization } from '@/lib/protocol/messages/authorization'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import { grant, type Grant } from '@/lib/protocol/messages/grant'
import { offer, type Offer } from '@/lib/protocol/messages/offer'
import { receipt, type Receipt } from '@/lib/protocol/messages/receipt'
import { encodeBundle } from '@/lib/sync/bundle'
import { billFor } from '@/lib/tariff/rate'
import type { ReportedChain } from '@/lib/cloud/api-types'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant } from '@/lib/cloud/database/connection'
import { enrolCharger, issueDriverGrant } from '@/lib/cloud/issuance/commands'
import { walletAccount, type LedgerAccount } from '@/lib/cloud/ledger/accounts'
import { balanceOf, proveLedger } from '@/lib/cloud/ledger/queries'
import { demoTariff, establishOperator, registerCharger } from '@/lib/cloud/operator/commands'
import { systemRandom } from '@/lib/cloud/system'
import { topUp } from '@/lib/cloud/topup/commands'
import { sandboxCards } from '@/lib/cloud/topup/sandbox-cards'
import type { TestDatabase } from '../database-fixture'

/** 2026-09-01T12:00:00Z. */
export const startS = 1_788_264_000

export interface World {
  readonly cloud: Cloud
  /** Moves the operator's clock. */
  pass(spanS: number): void
}

let worldCount = 0

/** Each world is a tenant of its own, so that tests of one file share a database and nothing else. */
export async function openWorld(database: TestDatabase): Promise<World> {
  let nowS = startS
  worldCount += 1
  const cloud: Cloud = {
    config: {
      tenant: operatorId(`w${worldCount}`),
      currency: EUR,
      origin: 'http://localhost:3000',
      rpId: 'localhost',
      isHttps: false,
      dataFolder: '',
      keyFolder: '',
      keyPassphrase: '',
      isDemo: true,
      runsWorker: true,
    },
    db: database.db,
    clock: {
      nowS: () => epochSeconds(nowS),
      monotonicMs: () => durationMs(Math.floor(performance.now())),
    },
    random: systemRandom,
    verify: verifyWithNode,
    issuer: freshSigner(),
    pseudonymSecret: randomBytes(32),
    cards: sandboxCards,
  }
  await establishOperator(cloud, freshSigner(), 'Test operator')
  return { cloud, pass: (spanS) => (nowS += spanS) }
}

export const freshSigner = (): Signer => nodeSigner(randomBytes(32))

/** An account with credit, without its passkey ceremony. */
export async function openAccount(cloud: Cloud, amountMinor: number): Promise<string> {
  const { tenant } = cloud.config
  const accountId = toHex(randomBytes(16))
  await inTenant(cloud.db, tenant, (tx) =>
    tx.insertInto('accounts').values({ tenant, account_id: accountId, created_at_s: startS }).execute(),
  )
  if (amountMinor > 0) await payIn(cloud, accountId, amountMinor)
  return accountId
}

export async function payIn(cloud: Cloud, accountId: string, amountMinor: number): Promise<void> {
  const paid = await topUp(cloud, {
    owner: walletAccount(accountId),
    amountMinor,
    currency: EUR,
    cardNumber: '4242424242424242',
    idempotencyKey: toHex(randomBytes(8)),
    author: accountId,
  })
  expectOk(paid, 'top-up')
}

export const balanceMinor = async (cloud: Cloud, account: LedgerAccount): Promise<MinorUnits> =>
  (await inTenant(cloud.db, cloud.config.tenant, (tx) => balanceOf(tx, cloud.config.tenant, account, EUR)))
    .postedMinor

export const availableMinor = async (cloud: Cloud, account: LedgerAccount): Promise<MinorUnits> =>
  (await inTenant(cloud.db, cloud.config.tenant, (tx) => balanceOf(tx, cloud.config.tenant, account, EUR)))
    .availableMinor

export const proof = (cloud: Cloud) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) => proveLedger(tx, cloud.config.tenant))

/** Everything that one session's parties signed. */
export interface TestSession {
  readonly id: SessionId
  readonly offer: ParsedMessage<Offer>
  readonly authorization: ParsedMessage<Authorization>
  readonly answer: Bytes
  readonly receipt: Bytes | undefined
  readonly charger: Charger
}

export class Phone {
  readonly sessions: TestSession[] = []
  private released = 0

  private constructor(
    readonly grant: ParsedMessage<Grant>,
    private readonly signer: Signer,
  ) {}

  static async withGrant(cloud: Cloud, accountId: string, capMinor?: number): Promise<Phone> {
    const signer = freshSigner()
    const issued = await issueDriverGrant(cloud, {
      accountId,
      deviceKey: signer.publicKey,
      keyProtection: 'platform',
      ...(capMinor === undefined ? {} : { capMinor }),
    })
    return Phone.holding(expectOk(issued, 'grant'), signer)
  }

  static holding(grantBytes: Bytes, signer: Signer): Phone {
    return new Phone(expectOk(parseMessage(grant, grantBytes), 'grant'), signer)
  }

  get serial() {
    return this.grant.payload.serial
  }

  /** The same wallet restored from a backup: same key, same chain so far. */
  clone(): Phone {
    const twin = new Phone(this.grant, this.signer)
    twin.sessions.push(...this.sessions)
    twin.released = this.released
    return twin
  }

  async authorize(offered: ParsedMessage<Offer>, holdMinor: number): Promise<ParsedMessage<Authorization>> {
    const last = this.sessions.at(-1)?.authorization
    return signMessage(
      authorization,
      {
        offerHash: offered.hash,
        holdMinor: minorUnits(holdMinor),
        seq: this.sessions.length + 1,
        previous: last?.hash ?? this.grant.hash,
        grossMinor: minorUnits((last?.payload.grossMinor ?? 0) + holdMinor),
        releasedMinor: minorUnits(this.released),
        timeS: epochSeconds(offered.payload.timeS + 60),
        revocationEpoch: 0,
        grantHash: this.grant.hash,
      },
      this.signer,
    )
  }

  release(amountMinor: number): void {
    this.released += amountMinor
  }

  /** What the phone would report now, or of some sessions alone. */
  report(sessions: readonly TestSession[] = this.sessions): { chains: ReportedChain[] } {
    const proofOf = ({ charger, offer: offered }: TestSession) => ({
      certificate: toBase64Url(charger.certificate),
      offer: toBase64Url(offered.bytes),
    })
    return {
      chains: [
        {
          grant: toBase64Url(this.grant.bytes),
          authorizations: sessions.map((session) => toBase64Url(session.authorization.bytes)),
          answers: sessions.map((session) => ({ answer: toBase64Url(session.answer), ...proofOf(session) })),
          receipts: sessions.flatMap((session) =>
            session.receipt === undefined
              ? []
              : [{ receipt: toBase64Url(session.receipt), ...proofOf(session) }],
          ),
        },
      ],
    }
  }
}

export class Charger {
  private counter = 0
  private previous: MessageHash = messageHash('0'.repeat(32))
  readonly events: Bytes[] = []

  private constructor(
    readonly id: string,
    readonly signer: Signer,
    readonly certificate: Bytes,
    /** By the charger's clock, which is right when it enrols and then stands still. */
    private readonly nowS: number,
  ) {}

  static async enrolled(cloud: Cloud, id = `KIN-${toHex(randomBytes(3))}`): Promise<Charger> {
    const { enrolmentCode } = await registerCharger(cloud, {
      chargerId: id,
      siteId: 'kinross',
      siteLabel: 'Kinross Services',
      bayLabel: 'Bay 2',
    })
    const signer = freshSigner()
    const request = { code: enrolmentCode, chargerId: id, publicKey: signer.publicKey }
    return new Charger(
      id,
      signer,
      expectOk(await enrolCharger(cloud, request), 'enrolment'),
      cloud.clock.nowS(),
    )
  }

  offer(change: Partial<Offer> = {}): Promise<ParsedMessage<Offer>> {
    return signMessage(
      offer,
      {
        nonce: nonce(toHex(randomBytes(8))),
        connectorId: 1,
        timeS: epochSeconds(this.nowS),
        clockQuality: 'synchronised',
        timeToLiveS: 300,
        tariff: demoTariff('EUR'),
        maximumHoldMinor: minorUnits(6_000),
        revocationEpoch: 0,
        policySequence: 1,
        roads: 0,
        ...change,
      },
      this.signer,
    )
  }

  /** A whole session; `energyWh` null leaves it running. Writes the charger's log as a controller would. */
  async charge(phone: Phone, holdMinor: number, energyWh: number | null, change: Partial<Receipt> = {}) {
    const offered = await this.offer()
    const authorized = await phone.authorize(offered, holdMinor)
    const id = sessionId(authorized.hash)
    const accepted = await this.answer(id, 'accepted')
    this.log({
      kind: 'accepted',
      timeS: epochSeconds(this.nowS + 61),
      connectorId: 1,
      offer: offered.bytes,
      authorization: authorized.bytes,
      grant: phone.grant.bytes,
      answer: accepted,
    })
    const signed =
      energyWh === null ? undefined : await this.receipt(id, offered, holdMinor, energyWh, change)
    if (signed !== undefined) this.end(id, signed.bytes)
    const session: TestSession = {
      id,
      offer: offered,
      authorization: authorized,
      answer: accepted,
      receipt: signed?.bytes,
      charger: this,
    }
    phone.sessions.push(session)
    if (signed !== undefined) phone.release(Math.max(0, holdMinor - signed.payload.totalMinor))
    return session
  }

  /** Says no; pinned in the log. */
  async decline(
    phone: Phone,
    holdMinor: number,
    reason: ReasonCode = 'charger.unplugged',
  ): Promise<TestSession> {
    const offered = await this.offer()
    const authorized = await phone.authorize(offered, holdMinor)
    const id = sessionId(authorized.hash)
    const declined = await this.answer(id, reason)
    this.log({
      kind: 'declined',
      timeS: epochSeconds(this.nowS + 61),
      connectorId: 1,
      authorization: authorized.bytes,
      grant: phone.grant.bytes,
      answer: declined,
    })
    const session = {
      id,
      offer: offered,
      authorization: authorized,
      answer: declined,
      receipt: undefined,
      charger: this,
    }
    phone.sessions.push(session)
    phone.release(holdMinor)
    return session
  }

  async answer(id: SessionId, verdict: 'accepted' | ReasonCode): Promise<Bytes> {
    return (
      await signMessage(answer, { sessionId: id, verdict, timeS: epochSeconds(this.nowS + 61) }, this.signer)
    ).bytes
  }

  async receipt(
    id: SessionId,
    offered: ParsedMessage<Offer>,
    holdMinor: number,
    energyWh: number,
    change: Partial<Receipt> = {},
  ) {
    const usage = { energyWh: wattHours(energyWh), chargingS: seconds(1_800), idleS: seconds(0) }
    const bill = billFor(offered.payload.tariff, usage, minorUnits(holdMinor))
    this.counter += 1
    const signed = await signMessage(
      receipt,
      {
        sessionId: id,
        counter: this.counter,
        previous: this.previous,
        meterStartWh: wattHours(1_000_000),
        meterStopWh: wattHours(1_000_000 + energyWh),
        startS: epochSeconds(this.nowS + 70),
        chargingS: usage.chargingS,
        idleS: usage.idleS,
        currency: EUR,
        totalMinor: bill.totalMinor,
        lines: bill.lines,
        taxMinor: bill.taxMinor,
        stopReason: 'unplugged',
        clockQuality: 'synchronised',
        checkpointHash: messageHash('0'.repeat(32)),
        ...change,
      },
      this.signer,
    )
    this.previous = signed.hash
    return signed
  }

  end(id: SessionId, receiptBytes: Bytes): void {
    this.log({ kind: 'ended', timeS: epochSeconds(this.nowS + 2_000), sessionId: id, receipt: receiptBytes })
  }

  log(event: JournalEvent): void {
    this.events.push(encodeJournalEvent(event))
  }

  /** The log's events from..to−1 as a bundle. */
  async bundle(from = 0, to = this.events.length, signer = this.signer): Promise<Bytes> {
    const frontierAt = (size: number) =>
      appendLeaves(emptyFrontier, this.events.slice(0, size).map(leafHash)).frontier
    const signed = await signMessage(
      checkpoint,
      {
        device: deviceId(this.id),
        epoch: 1,
        size: to,
        root: toHex(rootOf(frontierAt(to))),
        timeS: epochSeconds(this.nowS + 3_000),
      },
      signer,
    )
    return encodeBundle({
      checkpoint: signed.bytes,
      certificate: this.certificate,
      frontier: frontierAt(from),
      events: this.events.slice(from, to),
    })
  }
}

export const bytesOf = (text: string): Bytes => fromBase64Url(text) ?? toBytes(fromHex(''))
