/** What every command and query is given: the database and the ports to everything that is not pure. */

import type { Clock, Random } from '@/lib/core/clock'
import type { Signer, Verify } from '@/lib/crypto/signature'
import type { CloudConfig } from './config'
import type { Database } from './database/connection'
import type { MailPort } from './mail/mail-port'
import type { OperatorSealing } from './parcels/operator-sealing'
import type { CardProvider } from './topup/card-provider'

export interface Cloud {
  readonly config: CloudConfig
  readonly db: Database
  readonly clock: Clock
  readonly random: Random
  readonly verify: Verify
  /** Signs grants, certificates, policies, revocations and acknowledgements. The root's key is never in a server. */
  readonly issuer: Signer
  /** Draws drivers' pseudonyms; whoever lacks it cannot tell which pseudonyms are one driver. */
  readonly pseudonymSecret: Uint8Array
  /** Opens what carriers brought. */
  readonly sealing: OperatorSealing
  readonly cards: CardProvider
  /** Absent: mail waits until somebody configures a way out. */
  readonly mail?: MailPort
}
