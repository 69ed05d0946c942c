/** The page's words in German: a file of its own, fetched once. */

export { default as common } from '@/lib/format/messages/de/common.json'
export { default as receipt } from '@/lib/format/messages/de/receipt.json'
export { default as verify } from '@/lib/format/messages/de/verify.json'
