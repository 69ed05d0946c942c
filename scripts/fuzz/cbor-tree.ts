/**
 * CBOR as a tree that may also say what our encoder never would: long heads, wrong order, duplicates, floats, tags,
 * indefinite lengths. Byte strings that hold CBOR are opened, so that a payload inside a message can be changed.
 */

import { concat, toBytes, type Bytes } from '@/lib/core/bytes'

export type Tree =
  | { readonly kind: 'uint' | 'nint'; readonly value: number; readonly width?: HeadWidth }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly inner?: Tree }
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'array'; readonly items: readonly Tree[]; readonly indefinite?: boolean }
  | { readonly kind: 'map'; readonly entries: readonly Entry[]; readonly indefinite?: boolean }
  /** Written as it is: simple values, floats, tags, anything. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }

export type Entry = readonly [Tree, Tree]
/** Bytes after the initial byte; 0 means inside it. */
export type HeadWidth = 0 | 1 | 2 | 4 | 8

const depthMax = 12

/** Undefined for what is not one whole item of the kinds above. */
export function readTree(bytes: Uint8Array): Tree | undefined {
  const read = readItem(bytes, 0, 0)
  return read !== undefined && read.next === bytes.length ? read.tree : undefined
}

interface Read {
  readonly tree: Tree
  readonly next: number
}

function readItem(bytes: Uint8Array, offset: number, depth: number): Read | undefined {
  const initial = bytes[offset]
  if (initial === undefined || depth > depthMax) return undefined
  const major = initial >> 5
  const info = initial & 31
  if (major >= 6) {
    return info === 20 || info === 21 || info === 22
      ? { tree: { kind: 'raw', bytes: bytes.slice(offset, offset + 1) }, next: offset + 1 }
      : undefined
  }
  if (info > 27) return undefined
  const width = info < 24 ? 0 : 1 << (info - 24)
  let argument = width === 0 ? info : 0
  for (let index = 1; index <= width; index += 1) argument = argument * 256 + (bytes[offset + index] ?? 0)
  const start = offset + 1 + width
  if (major === 0) return { tree: { kind: 'uint', value: argument }, next: start }
  if (major === 1) return { tree: { kind: 'nint', value: argument }, next: start }
  if (argument > bytes.length) return undefined
  if (major >= 4) return readItems(bytes, start, major === 5 ? argument * 2 : argument, major, depth)
  const end = start + argument
  if (end > bytes.length) return undefined
  const content = bytes.slice(start, end)
  if (major === 3) return { tree: { kind: 'text', bytes: content }, next: end }
  const inner = holdsCbor(content) ? readItem(content, 0, depth + 1) : undefined
  const isWhole = inner?.next === content.length
  return { tree: { kind: 'bytes', bytes: content, ...(isWhole ? { inner: inner.tree } : {}) }, next: end }
}

/** Arrays and maps only: a byte string of hashes could otherwise be taken for small integers. */
const holdsCbor = (content: Uint8Array): boolean =>
  content.length > 2 && ((content[0] ?? 0) >> 5 === 4 || (content[0] ?? 0) >> 5 === 5)

function readItems(
  bytes: Uint8Array,
  start: number,
  count: number,
  major: number,
  depth: number,
): Read | undefined {
  const items: Tree[] = []
  let next = start
  for (let index = 0; index < count; index += 1) {
    const item = readItem(bytes, next, depth + 1)
    if (item === undefined) return undefined
    items.push(item.tree)
    next = item.next
  }
  if (major === 4) return { tree: { kind: 'array', items }, next }
  const entries: Entry[] = []
  for (let index = 0; index + 1 < items.length; index += 2) {
    const [key, value] = items.slice(index, index + 2)
    if (key !== undefined && value !== undefined) entries.push([key, value])
  }
  return { tree: { kind: 'map', entries }, next }
}

export function writeTree(tree: Tree): Bytes {
  switch (tree.kind) {
    case 'uint':
      return head(0, tree.value, tree.width)
    case 'nint':
      return head(1, tree.value, tree.width)
    case 'bytes': {
      const content = tree.inner === undefined ? tree.bytes : writeTree(tree.inner)
      return concat(head(2, content.length), content)
    }
    case 'text':
      return concat(head(3, tree.bytes.length), tree.bytes)
    case 'array':
      return container(4, tree.items.length, tree.items, tree.indefinite)
    case 'map':
      return container(5, tree.entries.length, tree.entries.flat(), tree.indefinite)
    case 'raw':
      return toBytes(tree.bytes)
  }
}

function container(major: number, count: number, items: readonly Tree[], indefinite = false): Bytes {
  const content = items.map(writeTree)
  return indefinite
    ? concat(Uint8Array.of((major << 5) | 31), ...content, Uint8Array.of(0xff))
    : concat(head(major, count), ...content)
}

const widthFor = (argument: number): HeadWidth =>
  argument < 24 ? 0 : argument < 256 ? 1 : argument < 65_536 ? 2 : argument < 4_294_967_296 ? 4 : 8

function head(major: number, argument: number, width: HeadWidth = widthFor(argument)): Bytes {
  if (width === 0) return Uint8Array.of((major << 5) | (argument & 31))
  const bytes = new Uint8Array(1 + width)
  bytes[0] = (major << 5) | (24 + Math.log2(width))
  for (let index = width, rest = argument; index > 0; index -= 1, rest = Math.floor(rest / 256)) {
    bytes[index] = rest % 256
  }
  return bytes
}

export const uint = (value: number, width?: HeadWidth): Tree => ({
  kind: 'uint',
  value,
  ...(width === undefined ? {} : { width }),
})
export const raw = (...bytes: readonly number[]): Tree => ({ kind: 'raw', bytes: Uint8Array.from(bytes) })
export const byteString = (bytes: Uint8Array): Tree => ({ kind: 'bytes', bytes })
