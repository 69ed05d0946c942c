/**
 * What the workers of worlds do once instead of many times, or by the host's own code instead of portable code. No
 * verdict and no byte differs: a test lives through worlds with and without them and compares the traces.
 */

import type { Mutation } from './mutation'

export const shortcuts: readonly Mutation[] = [
  {
    file: 'lib/protocol/message.ts',
    find: 'export function parseMessage<T>(',
    replace:
      "import { rememberedParse } from '@/simulator/world/remembered-parse'\n" +
      'export const parseMessage = rememberedParse(parseAfresh)\n' +
      'function parseAfresh<T>(',
  },
  {
    file: 'lib/protocol/message.ts',
    find: 'export function parseMessageInPlace<T>(',
    replace:
      'export const parseMessageInPlace: typeof parseInPlaceAfresh = (type, bytes) => parseMessage(type, bytes)\n' +
      'function parseInPlaceAfresh<T>(',
  },
  {
    file: 'lib/protocol/message.ts',
    find: 'export function readMessage<T>(',
    replace:
      'export const readMessage: typeof readAfresh = (type, bytes) => parseMessage(type, bytes)\n' +
      'function readAfresh<T>(',
  },
  {
    file: 'lib/protocol/cbor.ts',
    find: 'export const encodeCbor = (value: CborValue): Bytes => toBytes(encode(value, rfc8949EncodeOptions))',
    replace: "export { quickCbor as encodeCbor } from '@/simulator/world/quick-cbor'",
  },
  {
    file: 'charger-kiosk/session/screen-view.ts',
    find: 'export function screenPhase(',
    replace:
      "import { rememberedPhase } from '@/simulator/world/remembered-phase'\n" +
      'export const screenPhase = rememberedPhase(phaseAfresh)\n' +
      'function phaseAfresh(',
  },
  {
    file: 'lib/core/bytes.ts',
    find:
      "  let binary = ''\n  for (const byte of bytes) binary += String.fromCharCode(byte)\n" +
      "  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')\n",
    replace: "  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')\n",
  },
  {
    file: 'lib/core/bytes.ts',
    find:
      "  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))\n" +
      '  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))\n',
    replace: "  const bytes = toBytes(Buffer.from(text, 'base64url'))\n",
  },
]
