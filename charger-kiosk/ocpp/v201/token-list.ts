/**
 * The charger's own list of cards in OCPP 2.0.1 (D01 SendLocalList, D02 GetLocalListVersion), and what has to be set so
 * that it starts these, and contracts of vehicles that it has checked, and nobody else while the link is down.
 */

import { ok } from '@/lib/core/result'
import type { CommandSender } from '../command-sender'
import { asPayload, field, integerField, listField } from '../payload'
import type { ChargerCommands, ListedToken, RawPayload, TokenListCommands } from '../port'
import { formatTime } from '../reported-time'
import { applyConfiguration, type Setting } from '../set-up'
import { idTokenInfo } from './fields'

export const tokenListActions = ['GetLocalListVersion', 'GetVariables', 'SendLocalList']

/** In this order: a list is refused by chargers that have lists switched off. */
export const offlineSettings = (isAllowed: boolean): readonly Setting[] => [
  ['LocalAuthListCtrlr.Enabled', String(isAllowed)],
  // What a cache remembers is nobody's word.
  ['AuthCacheCtrlr.Enabled', 'false'],
  ['AuthCtrlr.LocalAuthorizeOffline', String(isAllowed)],
  // With a link the controller is asked, so that it writes down before anything closes.
  ['AuthCtrlr.LocalPreAuthorize', 'false'],
  ['AuthCtrlr.OfflineTxForUnknownIdEnabled', 'false'],
  ['TxCtrlr.StopTxOnInvalidId', 'true'],
  ['TxCtrlr.MaxEnergyOnInvalidId', '0'],
  ['ISO15118Ctrlr.ContractValidationOffline', String(isAllowed)],
]

export const tokenListCommands = (
  sender: CommandSender,
  commands: Pick<ChargerCommands, 'changeConfiguration'>,
): TokenListCommands => ({
  async version() {
    const answer = await sender.ask('GetLocalListVersion', {})
    return answer.ok ? ok(Math.max(0, integerField(answer.value, 'versionNumber') ?? 0)) : answer
  },
  async limits() {
    const asked = { component: { name: 'LocalAuthListCtrlr' }, variable: { name: 'ItemsPerMessage' } }
    const answer = await sender.ask('GetVariables', { getVariableData: [asked] })
    const [first] = answer.ok ? listField(answer.value, 'getVariableResult').map(asPayload) : []
    const value = first === undefined ? undefined : integerField(first, 'attributeValue')
    const isKnown = field(first ?? {}, 'attributeStatus') === 'Accepted' && (value ?? 0) > 0
    // How many it keeps in all stands in its characteristics; a list that is too long is refused.
    return { most: undefined, perMessage: isKnown ? value : undefined }
  },
  async send({ version, isFull, entries, removed }) {
    const localAuthorizationList = [
      ...entries.map(entryOf),
      ...removed.map(({ text, type }) => ({ idToken: { idToken: text, type } })),
    ]
    const sent = await sender.send(
      'SendLocalList',
      {
        versionNumber: version,
        updateType: isFull ? 'Full' : 'Differential',
        ...(localAuthorizationList.length === 0 ? {} : { localAuthorizationList }),
      },
      ['Accepted'],
    )
    return sent.ok ? ok(undefined) : sent
  },
  allowOffline: (isAllowed) => applyConfiguration(commands, offlineSettings(isAllowed)),
})

const entryOf = ({ text, type, expiresAtS, group }: ListedToken): RawPayload => ({
  idToken: { idToken: text, type },
  idTokenInfo: {
    ...idTokenInfo({ status: 'Accepted', group }),
    cacheExpiryDateTime: formatTime(expiresAtS),
  },
})
