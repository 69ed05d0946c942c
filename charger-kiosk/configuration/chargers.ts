/** Which OCPP chargers may connect and which bays they have: from the file, or one charger from the environment. */

import { BayMap, type BayAddress, type BayFault } from '../controller/bays'
import { chargePointIdentity, isChargePointIdentity, type ChargePointIdentity } from '../ocpp/ids'
import { environmentNames, variable, type Environment } from './environment'
import type { ForwardSection } from './forward-section'
import type { KioskFile } from './schema'

export interface OcppCharger {
  readonly identity: ChargePointIdentity
  readonly password: string | undefined
  readonly bays: readonly BayAddress[]
  /** To the site's own CSMS, where this charger has a section of its own. */
  readonly forward?: ForwardSection | undefined
}

type Secret = (path: string | undefined) => string | undefined
type FileCharger = NonNullable<KioskFile['ocpp']['chargers']>[number]

export interface ReadChargers {
  readonly chargers: readonly OcppCharger[]
  readonly bays: BayMap
  readonly complaints: readonly string[]
}

export function ocppChargers(file: KioskFile, environment: Environment, secret: Secret): ReadChargers {
  const given = file.ocpp.chargers
  const problems: string[] = []
  const names = [environmentNames.ocppIdentity, environmentNames.ocppPassword, environmentNames.connectors]
  const overriding = names.filter((name) => variable(environment, name) !== undefined)
  if (given !== undefined && given.length > 1 && overriding.length > 0) {
    problems.push(
      `${overriding.join(', ')} cannot say which of ${given.length} chargers is meant; use the file.`,
    )
  }
  const [first, ...others] = (given ?? [undefined]).map((one) => chargerOf(one, file.charger.id, secret))
  const chargers = first === undefined ? [] : [overrideFirst(first, environment, problems), ...others]
  const identities = chargers.map(({ identity }) => identity)
  for (const identity of identities.filter((one, index) => identities.indexOf(one) !== index)) {
    problems.push(`ocpp.chargers: the identity ${identity} stands twice.`)
  }
  const bays = BayMap.of(chargers.flatMap((charger) => charger.bays))
  if (!bays.ok) problems.push(sentenceOf(bays.error))
  // Nobody uses the substitute: with complaints there is no configuration.
  const substitute = BayMap.ofOne(chargePointIdentity(file.charger.id), 1)
  return { chargers, bays: bays.ok ? bays.value : substitute, complaints: problems }
}

function sentenceOf({ code, address }: BayFault): string {
  if (address === undefined) return 'ocpp.chargers: there is no bay.'
  const { bay, identity, evseId, connectorId } = address
  const where = `${identity}, EVSE ${evseId}, connector ${connectorId}`
  switch (code) {
    case 'duplicate-bay':
      return `ocpp.chargers: bay ${bay} stands twice, the second time at ${where}.`
    case 'duplicate-socket':
      return `ocpp.chargers: bay ${bay} is the same socket as another (${where}).`
    default:
      return `ocpp.chargers: bay ${bay} cannot be (${code}, ${where}).`
  }
}

function chargerOf(charger: FileCharger | undefined, fallback: string, secret: Secret): OcppCharger {
  const identity = chargePointIdentity(charger?.identity ?? fallback)
  if (charger === undefined) return { identity, password: undefined, bays: numbered(identity, 1) }
  return {
    identity,
    password: charger.password ?? secret(charger.passwordFile),
    forward: charger.forward,
    bays: charger.bays.map(({ bay, evseId, connectorId }) => ({
      bay,
      identity,
      evseId: evseId ?? connectorId ?? bay,
      connectorId: connectorId ?? 1,
    })),
  }
}

function overrideFirst(charger: OcppCharger, environment: Environment, problems: string[]): OcppCharger {
  const identity = variable(environment, environmentNames.ocppIdentity)
  const connectors = variable(environment, environmentNames.connectors)
  const count = connectors === undefined ? undefined : Number(connectors)
  if (identity !== undefined && !isChargePointIdentity(identity)) {
    problems.push(
      `${environmentNames.ocppIdentity} must be letters, digits and . _ ~ -, not “${identity.slice(0, 80)}”.`,
    )
  }
  const isCount = count !== undefined && Number.isInteger(count) && count >= 1 && count <= 8
  if (count !== undefined && !isCount) {
    problems.push(`${environmentNames.connectors} must be a number from 1 to 8, not “${connectors ?? ''}”.`)
  }
  const name = identity !== undefined && isChargePointIdentity(identity) ? identity : charger.identity
  return {
    identity: name,
    forward: charger.forward,
    password: variable(environment, environmentNames.ocppPassword) ?? charger.password,
    bays: isCount ? numbered(name, count) : charger.bays.map((address) => ({ ...address, identity: name })),
  }
}

/** Bays 1 to `count`, each an EVSE (OCPP 1.6: a connector) of the same number. */
const numbered = (identity: ChargePointIdentity, count: number): readonly BayAddress[] =>
  Array.from({ length: count }, (_, index) => ({
    bay: index + 1,
    identity,
    evseId: index + 1,
    connectorId: 1,
  }))
