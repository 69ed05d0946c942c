/** Where the OCPP chargers' passwords lie, and what to say when the site's certificate cannot be used. */

import { join } from 'node:path'
import type { TlsFault } from './ocpp/tls-files'

export const passwordBookPath = (dataFolder: string): string => join(dataFolder, 'ocpp-passwords.json')

export const tlsSentence = ({ detail }: TlsFault): string =>
  `The certificate for OCPP over TLS cannot be used: ${detail}. \`outpost-kiosk chargers certificate\` makes one.`
