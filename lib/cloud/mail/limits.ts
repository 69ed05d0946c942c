/** How many mails, how often and how long. Each stops somebody from sending through us what nobody asked for. */

export const mailLimits = {
  /** Of one organisation in a day: whoever takes over a manager's sign-in cannot flood strangers in our name. */
  perOrganisationDay: 200,
  subject: 200,
  text: 20_000,
  /** Attempts before it is given up; the last waits begin hours apart. */
  attempts: 12,
  /** News that is older helps nobody: an invitation has run out by then. */
  lifeS: 7 * 86_400,
  /** How long it stays known that a mail with this key was dealt with. */
  rememberedS: 90 * 86_400,
  /** In hand at once; a server that hangs holds up no more. */
  batch: 10,
} as const

const firstWaitS = 60
const longestWaitS = 4 * 3_600

/** After the first failure a minute, then twice as long each time. */
export const waitAfter = (attempts: number): number =>
  Math.min(longestWaitS, firstWaitS * 2 ** Math.max(0, attempts - 1))
