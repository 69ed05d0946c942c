/** Signs at once, without promises: the fuzzer's attackers sign a good part of ten million inputs. */

import { createPrivateKey, sign, type KeyObject } from 'node:crypto'
import { concat, fromHex, utf8, type Bytes } from '@/lib/core/bytes'
import { sha256 } from '@/lib/crypto/hash'
import { byteString, writeTree, type Tree } from './cbor-tree'

/** DER prefix of PKCS#8 for Ed25519 (RFC 8410). */
const pkcs8Prefix = fromHex('302e020100300506032b657004220420')
const protectedHeader = fromHex('a10132')

/** The secret behind `testSigner(name)`. */
export const testSecret = (name: string): KeyObject =>
  createPrivateKey({
    key: Buffer.from(concat(pkcs8Prefix, sha256(utf8(`outpost test key ${name}`)))),
    format: 'der',
    type: 'pkcs8',
  })

export function signNow(type: string, payload: Uint8Array, secret: KeyObject): Bytes {
  const header = byteString(protectedHeader)
  const body = byteString(payload)
  const list = (...items: readonly Tree[]): Bytes => writeTree({ kind: 'array', items })
  const context: Tree = { kind: 'text', bytes: utf8('Signature1') }
  const toSign = list(context, header, byteString(utf8(`outpost/1/${type}`)), body)
  const signature = sign(null, toSign, secret)
  return list(header, { kind: 'map', entries: [] }, body, byteString(Uint8Array.from(signature)))
}
