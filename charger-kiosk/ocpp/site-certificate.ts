/** What a certificate and its key look like to whoever serves with them. */

export type { TlsIdentity } from '@/lib/crypto/site-certificate'
