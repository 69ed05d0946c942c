/**
 * SHA-256 that pure code can call everywhere: by OpenSSL where the program runs on Node, which is ten times as fast,
 * and in plain script in browsers, whose own one is asynchronous. There is one SHA-256, so it does not matter which.
 */

import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { toBytes, toHex, type Bytes } from '@/lib/core/bytes'

interface NodeHash {
  (algorithm: 'sha256', message: Uint8Array, form: 'hex' | 'latin1'): string
}

/** Asked for at run time: an import would stop every bundle for browsers. Both came with later versions of Node 20. */
function nodeHash(): NodeHash | undefined {
  const host = (globalThis as { readonly process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>> })
    .process
  return (host?.getBuiltinModule?.('node:crypto') as { readonly hash?: NodeHash } | undefined)?.hash
}

const native = nodeHash()

/** 32 bytes. */
export const sha256 = (message: Uint8Array): Bytes =>
  native === undefined ? toBytes(nobleSha256(message)) : bytesOfText(native('sha256', message, 'latin1'))

/** A character a byte: a Buffer of its own for each hash would cost as much as the hash. */
function bytesOfText(text: string): Bytes {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index)
  return bytes
}

/** 64 digits. */
export const sha256Hex = (message: Uint8Array): string =>
  native === undefined ? toHex(nobleSha256(message)) : native('sha256', message, 'hex')
