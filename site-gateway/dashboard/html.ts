/** HTML by templates: what stands in a gap is escaped, unless it was made by a template itself. */

export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Gap = string | number | Html | readonly Html[]

export const html = (parts: TemplateStringsArray, ...gaps: readonly Gap[]): Html =>
  new Html(parts.map((part, index) => part + (index < gaps.length ? filled(gaps[index] ?? '') : '')).join(''))

export const nothing = new Html('')

function filled(gap: Gap): string {
  if (gap instanceof Html) return gap.text
  if (typeof gap === 'object') return gap.map(({ text }) => text).join('')
  return String(gap).replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
