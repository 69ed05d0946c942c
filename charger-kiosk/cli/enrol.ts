/** `outpost-kiosk enrol`: the operator's one-time code becomes a certificate, without starting the controller. */

import { verifyWithNode } from '@/lib/crypto/node'
import { enrol } from '../enrolment'
import { systemClock } from '../system'
import { configOf, refuseWhileRunning, type Asked } from './asked'
import { openCharger } from './open-charger'
import { Failure, WrongInput } from './usage'

const codePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{3,127}$/

/** The code itself, or an address that carries it as `code`: what a QR code of an operator's page may say. */
export function enrolmentCodeOf(given: string): string | undefined {
  const inAddress = URL.canParse(given) ? new URL(given).searchParams.get('code') : null
  const code = (inAddress ?? given).trim()
  return codePattern.test(code) ? code : undefined
}

export async function enrolCharger(asked: Asked): Promise<number> {
  const [given] = asked.words
  if (given === undefined) throw new WrongInput('The one-time code is missing: outpost-kiosk enrol CODE.')
  const code = enrolmentCodeOf(given)
  if (code === undefined)
    throw new WrongInput('This is no enrolment code: it has 4 to 128 letters, digits, - or _.')
  const config = configOf(asked)
  await refuseWhileRunning(config)
  const { journal, self, knowledge } = openCharger(config)
  try {
    if (knowledge !== undefined) {
      throw new Failure(`This charger is enrolled already, at ${knowledge.certificate.payload.siteLabel}.`)
    }
    const { cloudOrigin, root, meterKeyHash } = config
    const request = { cloudOrigin, code, self, root, meterKeyHash, nowS: systemClock.nowS() }
    const enrolled = await enrol(request, verifyWithNode)
    if (!enrolled.ok) {
      const { mayPass, detail } = enrolled.error
      const advice = mayPass
        ? 'Try again when the cloud can be reached.'
        : 'Ask the operator for another code.'
      throw new Failure(
        `${cloudOrigin} did not enrol this charger (${enrolled.error.code}): ${detail}. ${advice}`,
      )
    }
    const written = journal.append([], enrolled.value.writes)
    if (!written.ok) throw new Failure(`The journal could not keep the certificate: ${written.error.detail}`)
    const { siteLabel, bayLabel, meterKeyHash: vouched } = enrolled.value.knowledge.certificate.payload
    process.stdout.write(
      `${config.chargerId} is enrolled: ${siteLabel}, ${bayLabel}. Start it: outpost-kiosk run\n`,
    )
    if (vouched !== undefined) process.stdout.write(`The operator vouches for the meter’s key ${vouched}.\n`)
    else if (meterKeyHash !== undefined)
      process.stdout.write(`The operator does not vouch for the meter’s key ${meterKeyHash}.\n`)
    return 0
  } finally {
    journal.close()
  }
}
