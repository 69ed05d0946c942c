/** Trust for everybody, and what chargers ask. */

import type { SignedText } from './shared'

// GET /api/v1/trust
export interface TrustResponse {
  /** Public key of the offline root, hex. */
  readonly root: string
  readonly trustList: SignedText
  /** All that count, up to the epoch that it names; `revocationDeltas` carry on from there. */
  readonly revocations: SignedText
  /** Steps between epochs, shortest first: small ones for codes, and whatever the list has no room for. */
  readonly revocationDeltas?: readonly SignedText[]
  /** In force now. */
  readonly policy: SignedText
  /** Announced: it begins later. */
  readonly nextPolicy?: SignedText
  /** About the grants and sessions of whoever asks. */
  readonly permits?: readonly SignedText[]
}

// POST /api/v1/chargers/renew → EnrolResponse
export interface RenewCertificateRequest {
  /** `certificate-renewal` signed by the key of the present certificate. */
  readonly renewal: SignedText
  /** The same, signed by the key that is to be certified. */
  readonly proof: SignedText
}

// POST /api/v1/chargers/enrol
export interface EnrolRequest {
  readonly code: string
  readonly chargerId: string
  readonly publicKey: string
  /** Of a meter that signs: the first 16 bytes of SHA-256 over its SubjectPublicKeyInfo, hex. */
  readonly meterKeyHash?: string
}

export interface EnrolResponse extends TrustResponse {
  readonly certificate: SignedText
}

// POST /api/v1/sync · request: application/cbor, one bundle
export interface SyncResponse {
  readonly acknowledgement: SignedText
  readonly trustList: SignedText
  readonly revocations: SignedText
  readonly revocationDeltas?: readonly SignedText[]
  readonly policy: SignedText
  readonly nextPolicy?: SignedText
  /** Vetoes and raised caps for this charger that still count. */
  readonly permits?: readonly SignedText[]
  /** Where the charger showed another one than it should have. */
  readonly certificate?: SignedText
  /** Parts of its site's list of cards, until its log says that it holds them. */
  readonly localList?: readonly SignedText[]
}
