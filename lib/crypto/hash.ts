/** SHA-256 in plain script, so that pure code can call it everywhere. */

import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { toBytes, type Bytes } from '@/lib/core/bytes'

/** 32 bytes. */
export const sha256 = (message: Uint8Array): Bytes => toBytes(nobleSha256(message))
