/** What is wrong with a configuration, all of it at once: where it stands, what is expected there, what was found. */

import type { z } from 'zod'

type Path = readonly PropertyKey[]

/** @param nameOf what the place is called where an environment variable, not the file, filled it */
export function complaints(
  error: z.ZodError,
  value: unknown,
  nameOf: (path: Path) => string | undefined,
): readonly string[] {
  return error.issues.flatMap((issue) => {
    const where = nameOf(issue.path) ?? pathText(issue.path)
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(
        (key) => `${pathText([...issue.path, key])} is not a setting; remove it or mend its name.`,
      )
    }
    return [`${where} must be ${issue.message}, not ${found(valueAt(value, issue.path), issue.path)}.`]
  })
}

function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return text.replace(/^\./, '') || 'the file'
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
    value,
  )

/** A secret in the wrong place is not repeated: texts are cut short, and whole sections are only named. */
function found(value: unknown, path: Path): string {
  if (typeof value === 'string' && path.at(-1) === 'password') return 'what stands there'
  if (value === undefined) return 'left out'
  if (typeof value === 'string') return `“${value.slice(0, 80)}”`
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' && value !== null ? 'a section' : String(value)
}
