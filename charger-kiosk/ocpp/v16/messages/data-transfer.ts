/**
 * DataTransfer.req (OCPP 1.6 §4.3). One vendor's messages are spoken: Authorize of "Using ISO 15118 Plug & Charge with
 * OCPP 1.6" (Open Charge Alliance, application note), by which a charger presents a vehicle's contract. It is 2.0.1's
 * Authorize as a text of JSON; other messages of the note install certificates, which needs an authority that is not here.
 */

import { ok } from '@/lib/core/result'
import { asPayload, boundedPayload, field, textField } from '../../payload'
import type { RawPayload } from '../../port'
import { presentedContract } from '../../presented-contract'
import type { Route } from '../../route'

const plugAndCharge = 'org.openchargealliance.iso15118pnc'
/** CiString20: StartTransaction can name no longer one afterwards. */
const idTagCharsMax = 20
/** A certificate of 5,500 characters and four hashes. */
const dataCharsMax = 16_384

export const dataTransfer: Route = {
  retried: false,
  async handle(payload, { identity, frame, handlers }) {
    if (field(payload, 'vendorId') !== plugAndCharge) return ok({ status: 'UnknownVendorId' })
    if (field(payload, 'messageId') !== 'Authorize') return ok({ status: 'UnknownMessageId' })
    const asked = readData(field(payload, 'data'))
    const contract = asked === undefined ? undefined : contractNumber(asked)
    if (asked === undefined || contract === undefined) return ok({ status: 'Rejected' })
    const { certificateStatus, status } = await handlers.onAuthorize({
      identity,
      idTag: contract,
      token: { text: contract, type: 'eMAID' },
      ...presentedContract(asked),
      receivedAtS: frame.receivedAtS,
    })
    const answer = {
      idTokenInfo: { status },
      ...(certificateStatus === undefined ? {} : { certificateStatus }),
    }
    return ok({ status: 'Accepted', data: JSON.stringify(answer) })
  },
}

function readData(data: unknown): RawPayload | undefined {
  if (typeof data !== 'string' || data.length > dataCharsMax) return undefined
  try {
    return boundedPayload(JSON.parse(data))
  } catch {
    return undefined
  }
}

/** Chargers send it plainly, or as an object with its kind as in 2.0.1. */
function contractNumber(asked: RawPayload): string | undefined {
  const plain = field(asked, 'idToken')
  const text = textField(typeof plain === 'string' ? asked : asPayload(plain), 'idToken', 36)
  return text === undefined || text === '' || text.length > idTagCharsMax ? undefined : text
}
