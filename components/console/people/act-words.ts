/** Acts of the log → their words. What is not here is shown by its own name: a newer operator may know more. */

export const actWords: Readonly<Record<string, ActWord>> = {
  'organisation.found': 'founded',
  'member.invite': 'invited',
  'member.uninvite': 'uninvited',
  'member.join': 'joined',
  'member.leave': 'left',
  'member.remove': 'removed',
  'member.role.owner': 'madeOwner',
  'member.role.manager': 'madeManager',
  'member.role.viewer': 'madeViewer',
  'api-key.create': 'createdKey',
  'api-key.revoke': 'revokedKey',
  'fleet-token.issue': 'issuedToken',
  'fleet-token.change': 'changedToken',
  'fleet-token.renew': 'renewedToken',
  'fleet-token.revoke': 'revokedToken',
  'fleet-card.issue': 'issuedCard',
  'fleet-card.revoke': 'revokedCard',
  'printed-card.make': 'madeCards',
  'printed-card.print': 'printedCards',
  'printed-card.void': 'voidedCard',
  'printed-card.void-batch': 'voidedBatch',
  'credit.alert': 'setAlert',
  'credit.line': 'setLine',
  'bank.transfer': 'bankTransfer',
  'invoice.address': 'setAddress',
  'invoice.make': 'madeInvoice',
  'session.export': 'exported',
  'dispute.open': 'disputed',
}

export type ActWord =
  | 'founded'
  | 'invited'
  | 'uninvited'
  | 'joined'
  | 'left'
  | 'removed'
  | 'madeOwner'
  | 'madeManager'
  | 'madeViewer'
  | 'createdKey'
  | 'revokedKey'
  | 'issuedToken'
  | 'changedToken'
  | 'renewedToken'
  | 'revokedToken'
  | 'issuedCard'
  | 'revokedCard'
  | 'madeCards'
  | 'printedCards'
  | 'voidedCard'
  | 'voidedBatch'
  | 'setAlert'
  | 'setLine'
  | 'bankTransfer'
  | 'setAddress'
  | 'madeInvoice'
  | 'exported'
  | 'disputed'
