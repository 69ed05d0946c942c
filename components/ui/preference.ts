/**
 * A choice kept in localStorage and shared by everything on the page that shows it. Private modes may refuse to store;
 * the choice then lasts as long as the page.
 */

export interface Preference<Value> {
  read(): Value
  write(value: Value): void
  subscribe(onChange: () => void): () => void
}

export function preference<Value>(
  key: string,
  parse: (stored: string | null) => Value,
  print: (value: Value) => string | null,
  applied: (value: Value) => void,
): Preference<Value> {
  const listeners = new Set<() => void>()
  let current: { value: Value } | undefined
  const stored = (): string | null => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }
  const store = (text: string | null): void => {
    try {
      if (text === null) localStorage.removeItem(key)
      else localStorage.setItem(key, text)
    } catch {
      // Nothing to do: the page goes on with what is in memory.
    }
  }
  return {
    read: () => (current ??= { value: parse(stored()) }).value,
    write: (value) => {
      current = { value }
      store(print(value))
      applied(value)
      listeners.forEach((listener) => listener())
    },
    subscribe: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
  }
}
