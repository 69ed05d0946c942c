/** How many and how long, for organisations and their people. */

export const organisationLimits = { members: 100, invitations: 100, perAccount: 10 } as const
export const apiKeyLimits = { keys: 20, listed: 100, daysMost: 400 } as const
export const invitationLifeS = 7 * 86_400
