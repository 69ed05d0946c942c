/** What the terminal says once everything runs: the demo first, then every other door, then what to do. */

import { cloudUrl, kioskUrl } from './parts'
import type { StartSettings } from './settings'

export function announcement(settings: StartSettings): readonly string[] {
  const cloud = cloudUrl(settings)
  const doors: readonly (readonly [string, string])[] = [
    ['Driver app', `${cloud}/`],
    ['Kiosk screen', `${kioskUrl(settings)}/`],
    ['Fleet page', `${cloud}/fleet`],
    ['Check a receipt', `${cloud}/verify`],
  ]
  return [
    '',
    `  Open  ${cloud}/demo`,
    '        a phone and a charger side by side; the page says what to do',
    '',
    ...doors.map(([name, url]) => `  ${name.padEnd(16)}${url}`),
    '',
    '  Try: sign up on the phone (card 4242 4242 4242 4242) or take the demo driver, switch both networks off, plug the',
    '  vehicle in, charge, switch the networks on again, and watch the ledger. Your own phone: docs/try-on-a-phone.md.',
    '',
    '  Ctrl-C stops everything.',
    '',
  ]
}
