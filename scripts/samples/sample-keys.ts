/**
 * Keys for the samples in docs/samples and for nothing else. Everybody can compute them, so whatever they sign proves
 * only that the arithmetic and the signatures fit together.
 */

import { utf8 } from '@/lib/core/bytes'
import { sha256 } from '@/lib/crypto/hash'
import { nobleSigner } from '@/lib/crypto/noble'
import type { Signer } from '@/lib/crypto/signature'

const sampleSigner = (name: string): Signer =>
  nobleSigner(sha256(utf8(`outpost sample key, not secret: ${name}`)))

export const sampleRoot = sampleSigner('root')
export const sampleIssuer = sampleSigner('issuer')
export const sampleCharger = sampleSigner('charger')
export const sampleDriver = sampleSigner('driver')
