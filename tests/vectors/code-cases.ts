/** Texts of codes that must be refused, each with its reason; made out of one good code. */

import { concat, toBytes, utf8, type Bytes } from '@/lib/core/bytes'
import type { ReasonCode } from '@/lib/core/reason-codes'
import { encodeBase45 } from '@/lib/protocol/base45'
import { encodeEnvelope } from '@/lib/protocol/envelope'
import { byteString, raw, uint, writeTree, type Tree } from '@/scripts/fuzz/cbor-tree'
import type { Story } from '../fixtures/messages'

export interface CodeVector {
  readonly name: string
  readonly text: string
  readonly expected: ReasonCode
}

export function codeVectors(story: Story): CodeVector[] {
  const bytes = encodeEnvelope({ kind: 'offer', parts: [story.offer.bytes, story.certificate.bytes] })
  const body = encodeBase45(bytes)
  const offer = byteString(story.offer.bytes)
  const certificate = byteString(story.certificate.bytes)
  const of = (...items: readonly Tree[]): string => `OP1:${encodeBase45(writeTree({ kind: 'array', items }))}`
  const raised = (text: Bytes): string => `OP1:${encodeBase45(text)}`
  const cases: readonly (readonly [string, string, ReasonCode])[] = [
    ['empty', '', 'code.not-outpost'],
    ['somebody else’s', 'HTTPS://EXAMPLE.ORG/PAY', 'code.not-outpost'],
    ['without its prefix', body, 'code.not-outpost'],
    ['with the prefix in lower case', `op1:${body}`, 'code.not-outpost'],
    ['of a version to come', `OP2:${body}`, 'code.version'],
    ['with nothing behind the prefix', 'OP1:', 'code.damaged'],
    ['in lower case', `OP1:${body.toLowerCase()}`, 'code.damaged'],
    ['with a character that Base45 lacks', `OP1:${body.slice(0, -1)}!`, 'code.damaged'],
    ['with a letter of another script', `OP1:${body.slice(0, -1)}А`, 'code.damaged'],
    ['with a line break behind', `OP1:${body}\n`, 'code.damaged'],
    ['with one character too many', `OP1:${body}0`, 'code.damaged'],
    ['with one character missing', `OP1:${body.slice(0, -1)}`, 'code.damaged'],
    ['with a group of three above 65,535', `OP1::::${body.slice(3)}`, 'code.damaged'],
    ['longer than any code', `OP1:${'0'.repeat(4_500)}`, 'code.too-large'],
    ['of a kind to come', of(uint(200), offer), 'code.version'],
    ['whose kind is a text', of({ kind: 'text', bytes: utf8('1') }, offer, certificate), 'code.damaged'],
    ['whose kind has a long head', of(uint(1, 1), offer, certificate), 'code.damaged'],
    ['without a kind', of(), 'code.damaged'],
    ['that is no array', raised(writeTree({ kind: 'map', entries: [[uint(1), offer]] })), 'code.damaged'],
    ['that lacks its second part', of(uint(1), offer), 'code.damaged'],
    ['with a part too many', of(uint(1), offer, certificate, certificate), 'code.damaged'],
    ['whose part is a text', of(uint(1), offer, { kind: 'text', bytes: utf8('x') }), 'code.damaged'],
    ['whose part is null', of(uint(1), offer, raw(0xf6)), 'code.damaged'],
    ['with a byte behind', raised(concat(bytes, toBytes([0]))), 'code.damaged'],
    ['that was cut', raised(toBytes(bytes.subarray(0, -1))), 'code.damaged'],
  ]
  return cases.map(([name, text, expected]) => ({ name: `a code ${name}`, text, expected }))
}
