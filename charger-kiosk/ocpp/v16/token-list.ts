/**
 * The charger's own list of cards in OCPP 1.6 (§5.10 GetLocalListVersion, §5.15 SendLocalList, §9.3), and what has to be
 * set so that it starts these and nobody else while the link is down.
 */

import { err, ok } from '@/lib/core/result'
import type { CommandSender } from '../command-sender'
import { asPayload, field, integerField, listField } from '../payload'
import type { ListedToken, RawPayload, TokenListCommands } from '../port'
import { formatTime } from '../reported-time'
import { applyConfiguration, type Setting } from '../set-up'
import type { ChargerCommands } from '../port'

export const tokenListActions = ['GetConfiguration', 'GetLocalListVersion', 'SendLocalList']

/** In this order: a list is refused by chargers that have lists switched off. */
export const offlineSettings = (isAllowed: boolean): readonly Setting[] => [
  ['LocalAuthListEnabled', String(isAllowed)],
  // What a cache remembers is nobody's word.
  ['AuthorizationCacheEnabled', 'false'],
  ['LocalAuthorizeOffline', String(isAllowed)],
  // With a link the controller is asked, so that it writes down before anything closes.
  ['LocalPreAuthorize', 'false'],
  ['AllowOfflineTxForUnknownId', 'false'],
  ['StopTransactionOnInvalidId', 'true'],
  ['MaxEnergyOnInvalidId', '0'],
]

/** CiString20: a longer number cannot be presented to such a charger either. */
const idTagCharsMax = 20

export const tokenListCommands = (
  sender: CommandSender,
  commands: Pick<ChargerCommands, 'changeConfiguration'>,
): TokenListCommands => ({
  async version() {
    const answer = await sender.ask('GetLocalListVersion', {})
    if (!answer.ok) return answer
    const version = integerField(answer.value, 'listVersion') ?? -1
    // −1: it does not do lists.
    return version < 0 ? err({ code: 'not-supported', detail: 'listVersion -1' }) : ok(version)
  },
  async limits() {
    const key = ['LocalAuthListMaxLength', 'SendLocalListMaxLength']
    const answer = await sender.ask('GetConfiguration', { key })
    const known = answer.ok ? listField(answer.value, 'configurationKey').map(asPayload) : []
    const figure = (name: string): number | undefined => {
      const found = known.find((one) => field(one, 'key') === name)
      const value = found === undefined ? undefined : integerField(found, 'value')
      return value !== undefined && value > 0 ? value : undefined
    }
    return { most: figure('LocalAuthListMaxLength'), perMessage: figure('SendLocalListMaxLength') }
  },
  async send({ version, isFull, entries, removed }) {
    const localAuthorizationList = [
      ...entries.filter(({ text }) => text.length <= idTagCharsMax).map(entryOf),
      ...removed.filter(({ text }) => text.length <= idTagCharsMax).map(({ text }) => ({ idTag: text })),
    ]
    const sent = await sender.send(
      'SendLocalList',
      {
        listVersion: version,
        updateType: isFull ? 'Full' : 'Differential',
        ...(localAuthorizationList.length === 0 ? {} : { localAuthorizationList }),
      },
      ['Accepted'],
    )
    return sent.ok ? ok(undefined) : sent
  },
  allowOffline: (isAllowed) => applyConfiguration(commands, offlineSettings(isAllowed)),
})

const entryOf = ({ text, expiresAtS, group }: ListedToken): RawPayload => ({
  idTag: text,
  idTagInfo: {
    status: 'Accepted',
    expiryDate: formatTime(expiresAtS),
    ...(group === undefined ? {} : { parentIdTag: group }),
  },
})
