/** Where this device is. Asked for at the first date alone: the first answer costs a slow phone 80 ms. */

let known: string | undefined

/** An IANA name. */
export const deviceTimeZone = (): string => (known ??= Intl.DateTimeFormat().resolvedOptions().timeZone)
