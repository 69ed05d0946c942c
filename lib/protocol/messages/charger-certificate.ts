/** What the issuer vouches for about one charger; attached to every offer. */

import { grantSerial, publicKey, type GrantSerial, type MessageHash } from '@/lib/core/ids'
import { chargerField, hashField, operatorField, siteField, timeField } from '../common-fields'
import { at, hexBytes, label, optional, struct, uint, type PayloadOf } from '../fields'
import type { MessageType } from '../message'

const payload = struct({
  operator: at(1, operatorField),
  chargerId: at(2, chargerField),
  key: at(3, hexBytes(32, publicKey)),
  siteId: at(4, siteField),
  siteLabel: at(5, label(24)),
  /** What is printed at the bay; the driver compares it. */
  bayLabel: at(6, label(8)),
  notBeforeS: at(7, timeField),
  notAfterS: at(8, timeField),
  /** Bit 0: camera. Bit 1: Bluetooth. Bit 2: the only charger of its site, so that its own journal is the site's reserve. */
  capabilities: at(9, uint(255)),
  /** First 16 bytes of SHA-256 of the meter's public key, where the meter signs. */
  meterKeyHash: optional(10, hashField),
})

export type ChargerCertificate = PayloadOf<typeof payload>
export const chargerCertificate: MessageType<ChargerCertificate> = { name: 'charger-certificate', payload }

export const isAloneAtSite = ({ capabilities }: ChargerCertificate): boolean => (capabilities & 4) !== 0

/**
 * Under which it stands among the revocations: first half of its hash, which no grant's serial is by accident. So the same
 * lists and steps that phones carry about grants say which chargers to believe no more.
 */
export const certificateSerial = (hash: MessageHash): GrantSerial => grantSerial(hash.slice(0, 16))
