/** Messages to which there is one answer: notices that are only acknowledged, and services that are not offered here. */

import { ok } from '@/lib/core/result'
import type { Answer, Route } from '../../route'

const answering = (answer: Answer): Route => ({
  retried: false,
  async handle() {
    return ok(answer)
  },
})

const acknowledged = answering({})

/** By action. No certificates are issued here, no vendor's extension is spoken, and nobody plans around the grid. */
export const fixedAnswers: Readonly<Record<string, Route>> = {
  ClearedChargingLimit: acknowledged,
  DataTransfer: answering({ status: 'UnknownVendorId' }),
  FirmwareStatusNotification: acknowledged,
  Get15118EVCertificate: answering({ status: 'Failed', exiResponse: '' }),
  GetCertificateStatus: answering({ status: 'Failed' }),
  LogStatusNotification: acknowledged,
  NotifyChargingLimit: acknowledged,
  NotifyCustomerInformation: acknowledged,
  NotifyDisplayMessages: acknowledged,
  NotifyEVChargingNeeds: answering({ status: 'Rejected' }),
  NotifyEVChargingSchedule: answering({ status: 'Rejected' }),
  NotifyEvent: acknowledged,
  NotifyMonitoringReport: acknowledged,
  NotifyReport: acknowledged,
  PublishFirmwareStatusNotification: acknowledged,
  ReportChargingProfiles: acknowledged,
  ReservationStatusUpdate: acknowledged,
  SecurityEventNotification: acknowledged,
  SignCertificate: answering({ status: 'Rejected' }),
}
