/** What the acts of the log are about, by how their names begin: for whoever looks for one kind of act. */

export const auditTopics = [
  'people',
  'programs',
  'credit',
  'drivers',
  'tokens',
  'cards',
  'sessions',
  'cases',
] as const
export type AuditTopic = (typeof auditTopics)[number]

const prefixes = {
  people: ['organisation', 'member'],
  programs: ['api-key'],
  credit: ['credit', 'top-up', 'bank', 'invoice', 'statement', 'alert'],
  drivers: ['driver', 'vehicle', 'import'],
  tokens: ['fleet-token'],
  cards: ['fleet-card', 'voucher', 'printed-card', 'sheet'],
  sessions: ['session', 'case', 'dispute'],
  cases: ['case'],
} as const satisfies Record<AuditTopic, readonly string[]>

export const prefixesOf = (topic: AuditTopic): readonly string[] => prefixes[topic]
