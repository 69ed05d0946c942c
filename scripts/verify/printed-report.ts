/** What the command found about one file: facts, checks and a verdict, as lines for a terminal. */

export interface CheckLine {
  readonly outcome: 'passed' | 'failed' | 'open'
  readonly text: string
}

export interface PrintedReport {
  /** What the file is and says. */
  readonly facts: readonly string[]
  readonly checks: readonly CheckLine[]
  /** Everything else, such as a log's events. */
  readonly appendix: readonly string[]
  readonly verdict: string
  readonly isGood: boolean
}

const marks = { passed: 'ok  ', failed: 'NOT ', open: '?   ' } as const satisfies Record<
  CheckLine['outcome'],
  string
>

export function reportText(file: string, report: PrintedReport): string {
  const paragraphs = [
    report.facts.map((line) => `  ${line}`),
    report.checks.map(({ outcome, text }) => `  ${marks[outcome]}${text}`),
    report.appendix.map((line) => `  ${line}`),
    [`${report.isGood ? '✓' : '✗'} ${report.verdict}`],
  ]
  return [file, ...paragraphs.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))].join(
    '\n\n',
  )
}

/** A file that is neither a receipt nor a log, or is damaged. */
export const unreadable = (verdict: string): PrintedReport => ({
  facts: [],
  checks: [],
  appendix: [],
  verdict,
  isGood: false,
})
