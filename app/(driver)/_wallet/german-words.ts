/** The app's words in German: a file of its own, fetched once. */

export { default as common } from '@/lib/format/messages/de/common.json'
export { default as driver } from '@/lib/format/messages/de/driver.json'
export { default as reasons } from '@/lib/format/messages/de/reasons.json'
export { default as receipt } from '@/lib/format/messages/de/receipt.json'
