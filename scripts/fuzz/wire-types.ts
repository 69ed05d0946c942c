/** Every signed message by its name on the wire, for tools and tests that treat all of them alike. */

import type { MessageType } from '@/lib/protocol/message'
import { acknowledgement } from '@/lib/protocol/messages/acknowledgement'
import { answer } from '@/lib/protocol/messages/answer'
import { authorization } from '@/lib/protocol/messages/authorization'
import { bearerRecord } from '@/lib/protocol/messages/bearer-record'
import { certificateRenewal } from '@/lib/protocol/messages/certificate-renewal'
import { chargerCertificate } from '@/lib/protocol/messages/charger-certificate'
import { checkpoint } from '@/lib/protocol/messages/checkpoint'
import { close } from '@/lib/protocol/messages/close'
import { gatewayGreeting } from '@/lib/protocol/messages/gateway-greeting'
import { grant } from '@/lib/protocol/messages/grant'
import { localList } from '@/lib/protocol/messages/local-list'
import { offer } from '@/lib/protocol/messages/offer'
import { permit } from '@/lib/protocol/messages/permit'
import { policy } from '@/lib/protocol/messages/policy'
import { receipt } from '@/lib/protocol/messages/receipt'
import { revocationDelta } from '@/lib/protocol/messages/revocation-delta'
import { revocations } from '@/lib/protocol/messages/revocations'
import { signedTime } from '@/lib/protocol/messages/signed-time'
import { status } from '@/lib/protocol/messages/status'
import { stop } from '@/lib/protocol/messages/stop'
import { technicianChallenge } from '@/lib/protocol/messages/technician-challenge'
import { technicianEntry } from '@/lib/protocol/messages/technician-entry'
import { technicianPass } from '@/lib/protocol/messages/technician-pass'
import { trustList } from '@/lib/protocol/messages/trust-list'
import { voucher } from '@/lib/protocol/messages/voucher'
import type { Signer } from '@/lib/crypto/signature'
import {
  chargerSigner,
  issuerSigner,
  rootSigner,
  technicianSigner,
  walletSigner,
  type Story,
} from '@/tests/fixtures/messages'

/** By the name in the base story, which is also the name in `tests/vectors/messages.json`. */
export const wireTypes = {
  trustList,
  policy,
  revocations,
  certificate: chargerCertificate,
  grant,
  offer,
  authorization,
  answer,
  status,
  receipt,
  checkpoint,
  acknowledgement,
  stop,
  close,
  permit,
  time: signedTime,
  revocationDelta,
  voucher,
  bearerRecord,
  localList,
  technicianPass,
  technicianChallenge,
  technicianEntry,
  certificateRenewal,
  gatewayGreeting,
} as const satisfies Readonly<Record<keyof Story, MessageType<unknown>>>

export type StoryName = keyof typeof wireTypes

export const storyNames = Object.keys(wireTypes) as readonly StoryName[]

export const wireTypeOf = (name: StoryName): MessageType<unknown> => wireTypes[name]

/** Who signs each, by the test keys of the base story. */
export const storySigners: Readonly<Record<StoryName, Signer>> = {
  trustList: rootSigner,
  policy: issuerSigner,
  revocations: issuerSigner,
  certificate: issuerSigner,
  grant: issuerSigner,
  offer: chargerSigner,
  authorization: walletSigner,
  answer: chargerSigner,
  status: chargerSigner,
  receipt: chargerSigner,
  checkpoint: chargerSigner,
  acknowledgement: issuerSigner,
  stop: walletSigner,
  close: walletSigner,
  permit: issuerSigner,
  time: issuerSigner,
  revocationDelta: issuerSigner,
  voucher: issuerSigner,
  bearerRecord: chargerSigner,
  localList: issuerSigner,
  technicianPass: issuerSigner,
  technicianChallenge: chargerSigner,
  technicianEntry: technicianSigner,
  gatewayGreeting: chargerSigner,
  certificateRenewal: chargerSigner,
}
