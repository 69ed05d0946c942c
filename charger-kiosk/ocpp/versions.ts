/** The versions of OCPP that are spoken here, the one to be preferred first. */

import type { OcppVersion } from './dialect'
import { ocpp16 } from './v16/version'
import { ocpp201 } from './v201/version'

export const versions: readonly OcppVersion[] = [ocpp201, ocpp16]

export const versionNamed = (subprotocol: string | undefined): OcppVersion | undefined =>
  versions.find((version) => version.subprotocol === subprotocol)
