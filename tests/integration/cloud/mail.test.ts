import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { err, expectOk } from '@/lib/core/result'
import { refusal } from '@/lib/core/reason'
import type { Cloud } from '@/lib/cloud/context'
import { inTenant, transact } from '@/lib/cloud/database/connection'
import { mailLimits } from '@/lib/cloud/mail/limits'
import type { MailPort } from '@/lib/cloud/mail/mail-port'
import { queueMail } from '@/lib/cloud/mail/queue-mail'
import { keepMails, sendDueMails } from '@/lib/cloud/mail/send-mails'
import { smtpMail } from '@/lib/cloud/mail/smtp-mail'
import { foundOrganisation } from '@/lib/cloud/organisations/commands'
import { openTestDatabase, type TestDatabase } from '../database-fixture'
import { openAccount, openWorld } from './world'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface PostOffice {
  readonly cloud: Cloud
  readonly port: MailPort
  readonly organisationId: string
  /** Each as it came over the wire. */
  readonly delivered: string[]
  /** What the server says to the next ones; null takes it. */
  readonly replies: (number | null)[]
  pass(spanS: number): void
}

/** A real SMTP server on a socket, and an organisation that writes. */
async function openPostOffice(options: SMTPServerOptions = {}): Promise<PostOffice> {
  const delivered: string[] = []
  const replies: (number | null)[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = ''
      stream.setEncoding('utf8')
      stream.on('data', (part: string) => (text += part))
      stream.on('end', () => {
        const responseCode = replies.shift() ?? null
        if (responseCode === null) delivered.push(text)
        done(responseCode === null ? null : Object.assign(new Error('not now'), { responseCode }))
      })
    },
    ...options,
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port: number } = listening.address() as AddressInfo
  ends.push(() => new Promise((resolve) => server.close(() => resolve())))
  const { cloud, pass } = await openWorld(database)
  const port = smtpMail({ smtpUrl: `smtp://127.0.0.1:${number}`, from: 'Outpost <no-reply@outpost.example>' })
  ends.push(() => port.close())
  const accountId = await openAccount(cloud, 0)
  const founder = { accountId, name: 'Anna Bell', email: 'anna@glen.example' }
  const { organisationId } = expectOk(
    await foundOrganisation(cloud, { founder, name: 'Glen Haulage', kind: 'fleet' }),
    'founded',
  )
  return { cloud: { ...cloud, mail: port }, port, organisationId, delivered, replies, pass }
}

const queue = ({ cloud, organisationId }: PostOffice, key = 'news-1', subject = 'Balance is low') =>
  inTenant(cloud.db, cloud.config.tenant, (tx) =>
    queueMail(tx, cloud, { to: 'ben@glen.example', subject, text: 'Grüße\n.\nend', key, organisationId }),
  )

const rows = ({ cloud }: PostOffice) =>
  inTenant(cloud.db, cloud.config.tenant, (tx) =>
    tx
      .selectFrom('mails')
      .select(['state', 'attempts', 'body', 'fault'])
      .where('tenant', '=', cloud.config.tenant)
      .execute(),
  )

const messageIds = (texts: readonly string[]): readonly (string | undefined)[] =>
  texts.map((text) => /^Message-ID: (\S+)/im.exec(text)?.[1])

test('a mail is delivered once, whoever queues it again, and its text is forgotten', async () => {
  const office = await openPostOffice()
  expect(await queue(office)).toBe(true)
  expect(await queue(office)).toBe(true)
  expect(await sendDueMails(office.cloud)).toBe(1)
  expect(await sendDueMails(office.cloud)).toBe(0)
  await queue(office)
  expect(await sendDueMails(office.cloud)).toBe(0)
  expect(office.delivered).toHaveLength(1)
  expect(office.delivered[0]).toMatch(/^From: Outpost <no-reply@outpost\.example>\r?$/m)
  expect(office.delivered[0]).toMatch(/^To: ben@glen\.example\r?$/m)
  expect(office.delivered[0]).toMatch(/^Subject: Balance is low\r?$/m)
  expect(await rows(office)).toEqual([{ state: 'sent', attempts: 1, body: '', fault: null }])
})

test('a name with a line break begins no header of its own', async () => {
  const office = await openPostOffice()
  await queue(office, 'news-1', 'Fleet\r\nBcc: victim@example.org')
  await sendDueMails(office.cloud)
  expect(office.delivered[0]).toMatch(/^Subject: Fleet Bcc: victim@example\.org\r?$/m)
  expect(office.delivered[0]).not.toMatch(/^Bcc:/m)
})

test('what the server puts off is tried again after a wait that grows, under the same id', async () => {
  const office = await openPostOffice()
  office.replies.push(451, 421, null)
  await queue(office)
  await sendDueMails(office.cloud)
  expect(await sendDueMails(office.cloud)).toBe(0)
  office.pass(60)
  expect(await sendDueMails(office.cloud)).toBe(1)
  office.pass(60)
  expect(await sendDueMails(office.cloud)).toBe(0)
  office.pass(60)
  expect(await sendDueMails(office.cloud)).toBe(1)
  expect(office.delivered).toHaveLength(1)
  expect(await rows(office)).toMatchObject([{ state: 'sent', attempts: 3 }])
})

test('what the server refuses for good is given up, and says why', async () => {
  const office = await openPostOffice()
  office.replies.push(550)
  await queue(office)
  await sendDueMails(office.cloud)
  office.pass(86_400)
  expect(await sendDueMails(office.cloud)).toBe(0)
  expect(office.delivered).toEqual([])
  expect(await rows(office)).toMatchObject([
    { state: 'given-up', attempts: 1, body: '', fault: expect.stringContaining('not now') as string },
  ])
})

test('a server that never answers is given up after a bounded number of attempts', async () => {
  const office = await openPostOffice()
  office.replies.push(...Array.from({ length: 50 }, () => 450))
  await queue(office)
  for (let round = 0; round < mailLimits.attempts + 3; round += 1) {
    await sendDueMails(office.cloud)
    office.pass(4 * 3_600)
  }
  expect(office.replies).toHaveLength(50 - mailLimits.attempts)
  expect(await rows(office)).toMatchObject([{ state: 'given-up', attempts: mailLimits.attempts }])
})

test('a process that dies after the server took a mail sends it again with the same Message-ID', async () => {
  const office = await openPostOffice()
  await queue(office)
  const dying: MailPort = {
    ...office.port,
    async send(mail) {
      expectOk(await office.port.send(mail), 'sent')
      throw new Error('killed here')
    },
  }
  await expect(sendDueMails({ ...office.cloud, mail: dying })).rejects.toThrow('killed here')
  expect(await sendDueMails(office.cloud)).toBe(0)
  office.pass(60)
  expect(await sendDueMails(office.cloud)).toBe(1)
  const [first, second, ...more] = messageIds(office.delivered)
  expect(first).toMatch(/^<[0-9a-f]{32}@localhost>$/)
  expect(second).toBe(first)
  expect(more).toEqual([])
  office.pass(86_400)
  expect(await sendDueMails(office.cloud)).toBe(0)
})

test('two workers at once send each mail once', async () => {
  const office = await openPostOffice()
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) await queue(office, key)
  await Promise.all([sendDueMails(office.cloud), sendDueMails(office.cloud), sendDueMails(office.cloud)])
  while ((await sendDueMails(office.cloud)) > 0);
  const ids = messageIds(office.delivered)
  expect(ids).toHaveLength(6)
  expect(new Set(ids).size).toBe(6)
})

test('a mail about something that was refused is never sent', async () => {
  const office = await openPostOffice()
  const { cloud, organisationId } = office
  await transact(cloud.db, cloud.config.tenant, async (tx) => {
    await queueMail(tx, cloud, { to: 'ben@glen.example', subject: 's', text: 't', key: 'k', organisationId })
    return err(refusal('api.forbidden'))
  })
  expect(await sendDueMails(cloud)).toBe(0)
})

test('without a way out mail waits, and is given up once it helps nobody', async () => {
  const office = await openPostOffice()
  await queue(office)
  const { mail: _none, ...without } = office.cloud
  expect(await sendDueMails(without)).toBe(0)
  expect(await rows(office)).toMatchObject([{ state: 'waiting', attempts: 0 }])
  office.pass(mailLimits.lifeS + 1)
  await sendDueMails(office.cloud)
  expect(office.delivered).toEqual([])
  expect(await rows(office)).toMatchObject([{ state: 'given-up', body: '' }])
  office.pass(mailLimits.rememberedS + 1)
  await keepMails(office.cloud)
  expect(await rows(office)).toEqual([])
})

test('an organisation sends no more in a day than its limit', async () => {
  const office = await openPostOffice()
  const { cloud, organisationId } = office
  const { tenant } = cloud.config
  await inTenant(cloud.db, tenant, async (tx) => {
    for (let count = 0; count < mailLimits.perOrganisationDay; count += 1)
      await queueMail(tx, cloud, {
        to: 'ben@glen.example',
        subject: 's',
        text: 't',
        key: `${count}`,
        organisationId,
      })
  })
  expect(await queue(office, 'one more')).toBe(false)
  office.pass(86_400)
  expect(await queue(office, 'one more')).toBe(true)
})
