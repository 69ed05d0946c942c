/**
 * The operator of a simulated world: `lib/cloud` on a real database, under the world's clock and keys from a seed. And
 * the ways to it without HTTP: a charger's enrolment and its road.
 */

import type { Clock, Random } from '@/lib/core/clock'
import { EUR } from '@/lib/core/currency'
import { publicKey, type OperatorId, type PublicKey } from '@/lib/core/ids'
import { err, expectOk, ok } from '@/lib/core/result'
import { nodeSigner, verifyWithNode } from '@/lib/crypto/node'
import type { Cloud } from '@/lib/cloud/context'
import { openDatabase } from '@/lib/cloud/database/connection'
import { receiveBundle } from '@/lib/cloud/ingest/commands'
import { enrolCharger } from '@/lib/cloud/issuance/commands'
import { currentTrust } from '@/lib/cloud/issuance/queries'
import { establishOperator, registerCharger, type ChargerSetup } from '@/lib/cloud/operator/commands'
import { operatorSealing } from '@/lib/cloud/parcels/operator-sealing'
import { sandboxCards } from '@/lib/cloud/topup/sandbox-cards'
import type { Enrolment } from '@/charger-kiosk/controller/knowledge'
import type { Receiver } from '@/lib/roads/memory-road'
import { bytesOf, faultOf, newsOf } from '@/simulator/world/sync-words'

export interface SimulatedCloudOptions {
  /** A migrated database. */
  readonly databaseUrl: string
  readonly tenant: OperatorId
  readonly clock: Clock
  readonly random: Random
  /** Secrets of the operator; the same ones for the same tenant of the same database. */
  readonly keys: Random
}

export const driverAppOrigin = 'https://charge.example.org'

/** Close it with `cloud.db.destroy()`. */
export async function openSimulatedCloud(options: SimulatedCloudOptions): Promise<Cloud> {
  const { databaseUrl, tenant, clock, random, keys } = options
  const root = nodeSigner(keys.bytes(32))
  const cloud: Cloud = {
    config: {
      tenant,
      currency: EUR,
      origin: driverAppOrigin,
      rpId: new URL(driverAppOrigin).hostname,
      isHttps: true,
      dataFolder: '',
      keyFolder: 'memory',
      keyPassphrase: '',
      isDemo: false,
      runsWorker: true,
    },
    db: openDatabase(databaseUrl),
    clock,
    random,
    verify: verifyWithNode,
    issuer: nodeSigner(keys.bytes(32)),
    pseudonymSecret: keys.bytes(32),
    sealing: await operatorSealing(keys.bytes(32)),
    cards: sandboxCards('simulated'),
  }
  await establishOperator(cloud, root, 'Simulation')
  return cloud
}

/** Registers a charger and enrols its key, as an operator and a technician do. */
export async function enrol(cloud: Cloud, setup: ChargerSetup, key: PublicKey): Promise<Enrolment> {
  const { enrolmentCode } = await registerCharger(cloud, setup)
  const request = { code: enrolmentCode, chargerId: setup.chargerId, publicKey: key }
  const certificate = expectOk(await enrolCharger(cloud, request), 'a fresh code enrols')
  const { root, trustList, revocations, policy } = await currentTrust(cloud)
  return {
    root: publicKey(root),
    certificate,
    trustList: bytesOf(trustList),
    revocations: bytesOf(revocations),
    policy: bytesOf(policy),
  }
}

/** What the cloud does with a bundle that arrives. */
export const cloudReceiver =
  (cloud: Cloud): Receiver =>
  async (bundle) => {
    const received = await receiveBundle(cloud, bundle)
    if (received.ok) return ok(newsOf(received.value))
    return err(faultOf(received.error))
  }
