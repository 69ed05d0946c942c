import { expect, test } from 'vitest'
import { distributionPlan, type TableFacts } from '@/lib/cloud/database/distribution'

const table = (name: string, references: readonly string[] = [], isDistributed = false): TableFacts => ({
  name,
  references,
  isDistributed,
})
const names = (tables: readonly TableFacts[]): readonly string[] =>
  distributionPlan(tables).map((statement) => /'(\w+)'/.exec(statement)?.[1] ?? '')

test('parents go before their children, the reference tables and the first tenant table before all', () => {
  const order = names([
    table('case_evidence', ['cases']),
    table('cases'),
    table('organisation_members', ['fleets', 'accounts']),
    table('accounts'),
    table('outpost_migrations'),
    table('fleets'),
    table('tenants'),
  ])
  expect(order).toEqual([
    'outpost_migrations',
    'tenants',
    'accounts',
    'cases',
    'fleets',
    'case_evidence',
    'organisation_members',
  ])
})

test('tables are spread by tenant beside the first one, reference tables copied to every node', () => {
  expect(distributionPlan([table('tenants'), table('outpost_migrations'), table('grants')])).toEqual([
    "select create_reference_table('outpost_migrations')",
    "select create_distributed_table('tenants', 'tenant', colocate_with => 'none')",
    "select create_distributed_table('grants', 'tenant', colocate_with => 'tenants')",
  ])
})

test('what is distributed already is left alone', () => {
  const tables = [table('tenants', [], true), table('cases', [], true), table('case_events', ['cases'])]
  expect(names(tables)).toEqual(['case_events'])
  expect(distributionPlan(tables.slice(0, 2))).toEqual([])
})

test('a table may refer to itself, but not two to each other', () => {
  expect(names([table('tenants'), table('ledger_transfers', ['ledger_transfers'])])).toEqual([
    'tenants',
    'ledger_transfers',
  ])
  expect(() => distributionPlan([table('tenants'), table('a', ['b']), table('b', ['a'])])).toThrow(/a, b/)
})
