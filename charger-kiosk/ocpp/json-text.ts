/**
 * Changing one member of a JSON object in its text, so that everything else stays byte for byte what the charger wrote:
 * parsing and writing again would turn 1.0 into 1 and could break what a meter has signed. For texts that are valid JSON
 * already; whatever is not is left as it is.
 */

interface Span {
  readonly from: number
  readonly to: number
}

interface Member {
  readonly name: string
  /** From the opening quote of its name to the end of its value. */
  readonly whole: Span
  readonly value: Span
}

/** The payload's text in a CALL (`[2, id, action, payload]`); undefined for any other frame. */
export function payloadText(frame: string): string | undefined {
  const start = skipSpace(frame, 0)
  if (frame[start] !== '[') return undefined
  const items = itemsOf(frame, start)
  const payload = items[3]
  return items.length === 4 && payload !== undefined ? frame.slice(payload.from, payload.to) : undefined
}

/** The object with this member set, at its place where it has one already, else at the end. */
export function withMember(object: string, name: string, valueText: string): string {
  const members = membersOf(object)
  if (members === undefined) return object
  // Of two members of one name the last counts, as in every parser here.
  const known = members.findLast((member) => member.name === name)
  if (known !== undefined) return object.slice(0, known.value.from) + valueText + object.slice(known.value.to)
  const end = object.lastIndexOf('}')
  const separator = members.length === 0 ? '' : ','
  return `${object.slice(0, end)}${separator}${JSON.stringify(name)}:${valueText}${object.slice(end)}`
}

/** The object without this member, and without the comma that belonged to it. */
export function withoutMember(object: string, name: string): string {
  const members = membersOf(object)
  const index = members?.findIndex((member) => member.name === name) ?? -1
  const member = members?.[index]
  if (members === undefined || member === undefined) return object
  const next = members[index + 1]
  const before = members[index - 1]
  const [from, to] =
    next !== undefined
      ? [member.whole.from, next.whole.from]
      : [before?.whole.to ?? member.whole.from, member.whole.to]
  return withoutMember(object.slice(0, from) + object.slice(to), name)
}

function membersOf(text: string): readonly Member[] | undefined {
  const start = skipSpace(text, 0)
  if (text[start] !== '{') return undefined
  const members: Member[] = []
  let at = skipSpace(text, start + 1)
  while (at < text.length && text[at] === '"') {
    const nameEnd = endOfString(text, at)
    const valueFrom = skipSpace(text, skipSpace(text, nameEnd) + 1)
    const valueTo = endOfValue(text, valueFrom)
    members.push({
      name: String(JSON.parse(text.slice(at, nameEnd))),
      whole: { from: at, to: valueTo },
      value: { from: valueFrom, to: valueTo },
    })
    const comma = skipSpace(text, valueTo)
    if (text[comma] !== ',') break
    at = skipSpace(text, comma + 1)
  }
  return members
}

function itemsOf(text: string, start: number): readonly Span[] {
  const items: Span[] = []
  let from = skipSpace(text, start + 1)
  while (from < text.length && text[from] !== ']') {
    const to = endOfValue(text, from)
    items.push({ from, to })
    const comma = skipSpace(text, to)
    if (text[comma] !== ',') break
    from = skipSpace(text, comma + 1)
  }
  return items
}

function skipSpace(text: string, at: number): number {
  let next = at
  while (next < text.length && ' \t\r\n'.includes(text[next] ?? '')) next += 1
  return next
}

/** Behind the closing quote of the string that begins at `at`. */
function endOfString(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next += 1) {
    if (text[next] === '\\') next += 1
    else if (text[next] === '"') return next + 1
  }
  return text.length
}

function endOfValue(text: string, at: number): number {
  const first = text[at]
  if (first === '"') return endOfString(text, at)
  if (first !== '{' && first !== '[') {
    let next = at
    while (next < text.length && !',]} \t\r\n'.includes(text[next] ?? '')) next += 1
    return next
  }
  let depth = 0
  for (let next = at; next < text.length;) {
    const char = text[next]
    if (char === '"') {
      next = endOfString(text, next)
      continue
    }
    if (char === '{' || char === '[') depth += 1
    if (char === '}' || char === ']') depth -= 1
    next += 1
    if (depth === 0) return next
  }
  return text.length
}
