import { expect, test } from 'vitest'
import { leavesThisMachine } from '@/lib/cloud/mail/smtp-mail'

test.each([
  ['smtp://mail.example.org:587', true],
  ['smtp://name:password@10.0.0.4:25', true],
  ['smtp://127.0.0.1.example.org', true],
  ['smtp://localhost:25', false],
  ['smtp://127.0.0.1:2525', false],
  ['smtp://[::1]:25', false],
])('mail to %s asks for TLS: %s', (url, asks) => {
  expect(leavesThisMachine(url)).toBe(asks)
})
