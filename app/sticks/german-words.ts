/** The page's words in German: a file of its own, fetched once. */

export { default as common } from '@/lib/format/messages/de/common.json'
export { default as reasons } from '@/lib/format/messages/de/reasons.json'
export { default as sticks } from '@/lib/format/messages/de/sticks.json'
