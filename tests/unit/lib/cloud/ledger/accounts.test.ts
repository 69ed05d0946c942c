import { expect, test } from 'vitest'
import { grantSerial } from '@/lib/core/ids'
import {
  accountClasses,
  balanceRules,
  classOf,
  fleetAccount,
  ownerAccount,
  receivableAccount,
  reserveAccount,
  revenueAccount,
  walletAccount,
} from '@/lib/cloud/ledger/accounts'

test('the name of an account tells its class', () => {
  const serial = grantSerial('0123456789abcdef')
  expect(
    [walletAccount('a'), fleetAccount('b'), reserveAccount(serial), revenueAccount].map(classOf),
  ).toEqual(['wallet', 'fleet', 'reserve', 'revenue'])
  expect(classOf(receivableAccount(fleetAccount('glen')))).toBe('receivable')
  expect(accountClasses.every((accountClass) => accountClass in balanceRules)).toBe(true)
})

test('a driver and a fleet of one name owe on different accounts', () => {
  expect(receivableAccount(walletAccount('a'))).not.toBe(receivableAccount(fleetAccount('a')))
})

test('only wallets and fleets own credit', () => {
  expect(ownerAccount('wallet:a')).toBe('wallet:a')
  expect(() => ownerAccount('revenue')).toThrow(RangeError)
  expect(() => walletAccount('a b')).toThrow(RangeError)
  expect(() => classOf('nobody' as never)).toThrow(RangeError)
})
