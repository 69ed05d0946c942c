/**
 * How a charger proves itself to its site's gateway: over the gateway's nonce, and naming the key that the gateway showed,
 * so that no other gateway can pass it on.
 */

import { chargerField } from '../common-fields'
import { at, hexBytes, struct, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  chargerId: at(1, chargerField),
  /** SHA-256 over the SubjectPublicKeyInfo of the gateway's TLS key. */
  gateway: at(
    2,
    hexBytes(32, (hex) => hex),
  ),
  nonce: at(
    3,
    hexBytes(16, (hex) => hex),
  ),
})

export type GatewayGreeting = PayloadOf<typeof payload>
export const gatewayGreeting: MessageType<GatewayGreeting> = { name: 'gateway-greeting', payload }
