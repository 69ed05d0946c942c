/** The figures as README.md shows them, between two marks. */

import { err, ok, type Result } from '@/lib/core/result'
import type { CeremonyFigures } from './ceremony'

const startMark = '<!-- bench:start -->'
const endMark = '<!-- bench:end -->'

const names: Readonly<Record<string, string>> = {
  offer: 'Offer, with the charger’s certificate',
  authorization: 'Authorization, with the grant',
  answer: 'Answer',
  status: 'Status',
  receipt: 'Receipt',
  'authorization-passkey': 'Authorization confirmed by passkey',
}

export function figuresTable(figures: CeremonyFigures): string {
  const codes = figures.messages.map(
    ({ name, bytes, qrVersion }) => `| ${names[name] ?? name} | ${bytes} bytes, QR version ${qrVersion} |`,
  )
  const percent = Math.round(figures.fsyncShare * 100)
  return [
    '| what | figure |',
    '|---|---|',
    ...codes,
    `| From authorization to durable answer, median of ${figures.authorizations} | ${figures.answerMsP50} ms |`,
    `| The same, 99th percentile | ${figures.answerMsP99} ms |`,
    `| Of that, the journal’s durable write | ${percent} % |`,
    `| From a tilted, blurred camera frame to a verified message, median of ${figures.decodedFrames} | ${figures.decodeMsP50} ms |`,
  ].join('\n')
}

/** Fails when the marks are not there, in order. */
export function withFigures(readme: string, figures: CeremonyFigures): Result<string, 'no-marks'> {
  const start = readme.indexOf(startMark)
  const end = readme.indexOf(endMark)
  if (start < 0 || end < start) return err('no-marks')
  const before = readme.slice(0, start + startMark.length)
  return ok(`${before}\n\n${figuresTable(figures)}\n\n${readme.slice(end)}`)
}
