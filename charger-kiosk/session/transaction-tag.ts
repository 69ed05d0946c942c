/** What a transaction is started with: CiString20 of OCPP 1.6 holds this much of a session id. */
export const tagOf = (sessionId: string): string => sessionId.slice(0, 20)
